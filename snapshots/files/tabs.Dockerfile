FROM buildpack-deps:bookworm
RUN apt-get update \
	&& apt-get install -y \
		libxml2-dev \
		libxslt1-dev
RUN	mkdir	-p	/opt/tools
	# an indented comment
RUN	wget -qO /opt/tools/tool https://example.org/tool \
	&& chmod +x /opt/tools/tool
