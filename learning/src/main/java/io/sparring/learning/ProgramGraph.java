package io.sparring.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** The graph that a model program's signatures share, with its variables: the weights, and one momentum each. */
final class ProgramGraph implements AutoCloseable {

    /** What the optimizer's variables are called, behind the name of the weight. */
    static final String MOMENTUM = "/momentum";

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final ProgramSpecification specification;
    private final Network network;
    private final Map<String, Variable> weights = new LinkedHashMap<>();
    private final Map<String, Variable> momenta = new LinkedHashMap<>();
    private final Map<String, VarHandleOp> handles = new LinkedHashMap<>();

    ProgramGraph(ProgramSpecification specification) {
        this.specification = specification;
        this.network = NetworkRegistry.network(specification.geometry(), specification.network());
        for (Variable variable : network.variables()) {
            add(weights, variable);
        }
        for (Variable variable : trainable()) {
            add(momenta, new Variable(variable.name() + MOMENTUM, variable.shape(), false, variable.initialValue()));
        }
    }

    private void add(Map<String, Variable> group, Variable variable) {
        group.put(variable.name(), variable);
        handles.put(variable.name(), tf.withName(operationName(variable.name())).varHandleOp(
                TFloat32.class, variable.shape(), VarHandleOp.sharedName(variable.name())));
    }

    Graph graph() {
        return graph;
    }

    /** Operations in a name scope of their own. */
    Ops scope(String name) {
        return tf.withSubScope(name);
    }

    ProgramSpecification specification() {
        return specification;
    }

    Network network() {
        return network;
    }

    Map<String, Variable> weights() {
        return weights;
    }

    List<Variable> trainable() {
        return weights.values().stream().filter(Variable::trainable).toList();
    }

    Map<String, Variable> momenta() {
        return momenta;
    }

    VarHandleOp handle(String variable) {
        return handles.get(variable);
    }

    /** Reads each of those variables once. */
    Map<String, Operand<TFloat32>> read(Ops scope, Map<String, Variable> variables) {
        Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        variables.keySet().forEach(name ->
                values.put(name, scope.readVariableOp(handles.get(name), TFloat32.class)));
        return values;
    }

    /** A batch of images, of any size. */
    Operand<TFloat32> images(Ops scope, String name) {
        Geometry geometry = specification.geometry();
        return input(scope, name, TFloat32.class,
                Shape.of(-1, geometry.height(), geometry.width(), geometry.channels()));
    }

    /** The labels of a batch. */
    Operand<TInt32> labels(Ops scope) {
        return input(scope, "labels", TInt32.class, Shape.of(-1));
    }

    /** A single number. */
    <T extends TType> Operand<T> scalar(Ops scope, String name, Class<T> type) {
        return input(scope, name, type, Shape.scalar());
    }

    <T extends TType> Operand<T> input(Ops scope, String name, Class<T> type, Shape shape) {
        return scope.withName(operationName(name)).placeholder(type, Placeholder.shape(shape));
    }

    /** Slashes make scopes, which a single operation's name may not. */
    static String operationName(String variable) {
        return variable.replace('/', '.');
    }

    @Override
    public void close() {
        graph.close();
    }
}
