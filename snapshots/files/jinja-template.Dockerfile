FROM {{ base_image | default("debian:12") }}
RUN apt-get update
RUN apt-get install -y {% for package in packages %}{{ package }} {% endfor %}
{% if proxy %}
ENV HTTP_PROXY={{ proxy }}
{% endif %}
CMD ["{{ command }}"]
