FROM alpine:3.20
RUN mkdir /a; mkdir /b
RUN ls /c || mkdir /c
RUN ! grep -q root:x /etc/shadow
RUN if [ -e /a ]; then rmdir /b; else rmdir /c; fi
RUN for name in x y z; do mkdir "/a/$name"; done
RUN { echo one; echo two; } > /lines
RUN (cd /a && ls) > /listing
RUN ( (echo nested) )
RUN echo a | tee /piped | wc -c
RUN while read -r line; do echo "$line"; done < /lines
RUN case "$(uname -m)" in x86_64) echo amd64 ;; *) echo other ;; esac > /arch;
RUN test -s /arch || exit 1
RUN echo "a && b # not a comment"
RUN echo 'it''s' "fine\" here" \; \& \#
