/** Runs as MLflow has them, for those whose other experiments are there. */
package io.sparring.mlflow;
