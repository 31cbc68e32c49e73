FROM eclipse-temurin:21-jre
ARG KAFKA_VERSION=3.7.1
RUN curl -fsSLO https://example.org/kafka/${KAFKA_VERSION}/kafka_2.13-${KAFKA_VERSION}.tgz
RUN tar -xzf kafka_2.13-${KAFKA_VERSION}.tgz -C /opt
RUN rm kafka_2.13-${KAFKA_VERSION}.tgz
RUN ln -s /opt/kafka_2.13-${KAFKA_VERSION} /opt/kafka
ENV PATH="/opt/kafka/bin:${PATH}"
EXPOSE 9092
