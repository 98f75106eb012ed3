# One image for every service: docker build -t sparring . ; docker run sparring trainer --run FILE --bootstrap-servers HOST:PORT
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /sparring
COPY . .
RUN mvn -q -B -DskipTests package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/sparring/libraries -pl cli -am

FROM eclipse-temurin:17-jre
# a user of its own, whatever users the base has; and its cache, so that a volume over it is the user's too
RUN useradd --uid 10001 --create-home sparring \
    && install -d -o sparring -g sparring /home/sparring/.cache /home/sparring/.cache/sparring
COPY --from=build /sparring/libraries /sparring/libraries
COPY --from=build /sparring/cli/target/classes /sparring/classes
COPY --from=build /sparring/runs /sparring/runs
USER sparring
WORKDIR /home/sparring
ENV OPT_OUT_TRACKING=true TF_CPP_MIN_LOG_LEVEL=2 TF_ENABLE_ONEDNN_OPTS=1 SPARRING_HTTP_HOST=0.0.0.0 SPARRING_HTTP_PORT=8080
EXPOSE 8080
ENTRYPOINT ["java", "-cp", "/sparring/classes:/sparring/libraries/*", "io.sparring.cli.Sparring"]
