FROM centos:7
RUN yum -y install epel-release; yum -y install python-pip; yum clean all

RUN pip install supervisor


# Configuration


RUN mkdir -p /etc/supervisor/conf.d
RUN  echo_supervisord_conf>/etc/supervisor/supervisord.conf   
RUN 	echo "[include]" >>/etc/supervisor/supervisord.conf ; 
RUN echo "files = conf.d/*.conf" >>/etc/supervisor/supervisord.conf
