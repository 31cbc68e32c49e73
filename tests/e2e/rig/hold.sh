#!/usr/bin/env bash
# Holds the engines' own world: the root made by make.sh, in a mount namespace of its own, with dockerd and apt-cacher-ng.
#   hold.sh ROOT STATE SHARED...
# STATE is the world's folder, with apt-cacher-ng's settings in STATE/cacher; it and the SHARED folders have the same names inside and out.
# STATE/pid is a process whose mount namespace is the world. All of it ends when standard input does, however the process that holds the
# other end came to its own end; then STATE is removed.
set -euo pipefail
stage=${RIG_STAGE:-outside} root=$1 state=$2
script=$(realpath "$0")

enter() { # makes the world, and goes into it
  mount --bind "$root" "$root"
  cd "$root"
  mount -t proc proc proc
  mount --rbind /sys sys
  mount --rbind /dev dev
  mkdir -p ".$HOME" .old
  for folder in run ".$HOME"; do mount -t tmpfs tmpfs "$folder"; done
  for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
    [ -e "$file" ] || continue
    touch ".$file"
    mount --bind "$(realpath "$file")" ".$file"
  done
  # Builds are known by this name among their mounts: so $state is one, wherever it lies.
  for folder in "$@" "$state"; do
    mkdir -p ".$folder"
    mount --bind "$folder" ".$folder"
  done
  mkdir -p "$state"/{etc,var-tmp,docker,containers}
  # In memory where there is plenty: the engines wait for the disk after each step.
  if [ "$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)" -gt 6000000 ]; then
    for folder in docker containers var-tmp; do mount -t tmpfs tmpfs ".$state/$folder"; done
  fi
  cp -r etc/containers/. "$state/etc"
  mount --bind "$state/etc" etc/containers
  mount --bind "$state/var-tmp" var/tmp
  pivot_root . .old
  umount -l /.old
  cd /
}

overlay_works() {
  mkdir -p "$state"/try/{lower,upper,work,merged}
  mount -t overlay -o "lowerdir=$state/try/lower,upperdir=$state/try/upper,workdir=$state/try/work" overlay "$state/try/merged" &&
    umount "$state/try/merged"
}

settings() { # DRIVER
  local files processes
  files=$(ulimit -Hn) processes=$(ulimit -Hu)
  printf '%s\n' '[storage]' "driver = \"$1\"" "graphroot = \"$state/containers\"" 'runroot = "/run/containers"' \
    >/etc/containers/storage.conf
  printf '%s\n' 'unqualified-search-registries = ["docker.io"]' 'short-name-mode = "disabled"' >/etc/containers/registries.conf
  # ulimits: without CAP_SYS_RESOURCE the engines cannot go above those there are, as they would.
  # runc: crun refuses control groups of both versions side by side.
  printf '%s\n' '[containers]' "default_ulimits = [\"nofile=$files:$files\", \"nproc=${processes/unlimited/-1}:${processes/unlimited/-1}\"]" \
    'netns = "host"' '[engine]' 'cgroup_manager = "cgroupfs"' 'events_logger = "none"' 'runtime = "runc"' >/etc/containers/containers.conf
}

daemons() { # as the first process of a process namespace: nothing in it outlives this
  apt-cacher-ng -c "$state/cacher" ForeGround=1 >"$state/cacher.log" 2>&1 &
  dockerd --data-root "$state/docker" --storage-driver "${1/%overlay/overlay2}" --iptables=false --ip6tables=false --bridge=none \
    --shutdown-timeout 2 >"$state/dockerd.log" 2>&1 &
  read -r _ || true
  kill $! && wait $! || true
}

sweep() { # ends what builds left running in this world and in worlds made inside it
  local process space
  for process in /proc/[0-9]*; do
    space=$(readlink "$process/ns/mnt") || continue
    if [ "$space" != "$OUTSIDE" ] && [ "$process" != /proc/$$ ] && grep -qs "$state" "$process/mountinfo"; then
      kill -KILL "${process#/proc/}" || true
    fi
  done
}

case $stage in
outside)
  export OUTSIDE RIG_STAGE=inside
  OUTSIDE=$(readlink /proc/self/ns/mnt)
  unshare --mount --propagation private bash "$script" "$@" || true
  rm -rf "$state"
  ;;
inside)
  enter "${@:3}"
  driver=vfs
  if overlay_works; then driver=overlay; fi
  settings $driver
  echo $$ >"$state/pid.new"
  mv "$state/pid.new" "$state/pid"
  export RIG_STAGE=daemons
  unshare --pid --fork --kill-child unshare --mount-proc --propagation private bash "$script" "$root" "$state" $driver || true
  sweep 2>/dev/null
  ;;
daemons) daemons "$3" ;;
esac
