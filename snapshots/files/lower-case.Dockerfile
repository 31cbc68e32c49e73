from ubuntu:20.04 as base
maintainer someone@example.org
env DEBIAN_FRONTEND noninteractive
run apt-get update
run apt-get -y upgrade
run apt-get -y install apache2
Run echo "ServerName localhost" >> /etc/apache2/apache2.conf
expose 80
cmd ["apachectl", "-D", "FOREGROUND"]
