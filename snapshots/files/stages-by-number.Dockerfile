FROM maven:3.9-eclipse-temurin-21
WORKDIR /src
COPY . .
RUN mvn -q -B dependency:go-offline
RUN mvn -q -B package

FROM tomcat:10.1
RUN rm -rf webapps.dist
RUN rm -rf /usr/local/tomcat/webapps/ROOT
COPY --from=0 /src/target/app.war webapps/ROOT.war
