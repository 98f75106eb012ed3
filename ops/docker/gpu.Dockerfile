# The image with TensorFlow for CUDA: docker build -t sparring:gpu -f ops/docker/gpu.Dockerfile .
# Not tried: there was no GPU at hand, and no image could be pulled.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /sparring
COPY . .
RUN mvn -q -B -Dgpu -DskipTests package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/sparring/libraries -pl cli -am

FROM eclipse-temurin:17-jre AS java

FROM nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04
COPY --from=java /opt/java/openjdk /opt/java/openjdk
RUN useradd --uid 10001 --create-home sparring \
    && install -d -o sparring -g sparring /home/sparring/.cache /home/sparring/.cache/sparring
COPY --from=build /sparring/libraries /sparring/libraries
COPY --from=build /sparring/cli/target/classes /sparring/classes
COPY --from=build /sparring/runs /sparring/runs
USER sparring
WORKDIR /home/sparring
ENV PATH=/opt/java/openjdk/bin:$PATH OPT_OUT_TRACKING=true TF_CPP_MIN_LOG_LEVEL=2 TF_FORCE_GPU_ALLOW_GROWTH=true \
    SPARRING_HTTP_HOST=0.0.0.0 SPARRING_HTTP_PORT=8080
EXPOSE 8080
ENTRYPOINT ["java", "-cp", "/sparring/classes:/sparring/libraries/*", "io.sparring.cli.Sparring"]
