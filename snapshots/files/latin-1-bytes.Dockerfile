# Abbild für die Auswertung, von Jürgen
FROM r-base:4.4.1
LABEL maintainer="Jürgen Müller"
RUN apt-get update
# größere Schriften für die Grafiken
RUN apt-get install -y fonts-dejavu
RUN mkdir -p "/daten/Größen"
COPY auswertung.R /daten/
CMD ["Rscript", "/daten/auswertung.R"]
