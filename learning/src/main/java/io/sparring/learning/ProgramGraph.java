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

/**
 * The graph that a model program's signatures share, with its variables: the weights, one momentum for each that is trained,
 * and an average of each where the objective wants that.
 */
final class ProgramGraph implements AutoCloseable {

    /** What the optimizer's variables are called, behind the name of the weight. */
    static final String MOMENTUM = "/momentum";
    /** What the averaged weights' variables are called, behind the name of the weight. */
    static final String AVERAGED = "/averaged";

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final ProgramSpecification specification;
    private final Network network;
    private final Objective objective;
    private final Map<String, Variable> weights = new LinkedHashMap<>();
    private final Map<String, Variable> momenta = new LinkedHashMap<>();
    private final Map<String, Variable> averaged = new LinkedHashMap<>();
    private final Map<String, VarHandleOp> handles = new LinkedHashMap<>();

    ProgramGraph(ProgramSpecification specification) {
        this.specification = specification;
        this.network = NetworkRegistry.network(specification.geometry(), specification.network());
        this.objective = ObjectiveRegistry.objective(specification.objective());
        for (Variable variable : network.variables()) {
            add(weights, variable.name(), variable);
        }
        for (Variable variable : trainable()) {
            Variable momentum = renamed(variable, MOMENTUM);
            add(momenta, momentum.name(), momentum);
        }
        if (objective.averages()) {
            for (Variable variable : network.variables()) {
                add(averaged, variable.name(), renamed(variable, AVERAGED));
            }
        }
    }

    private static Variable renamed(Variable variable, String behind) {
        return new Variable(variable.name() + behind, variable.shape(), false, variable.initialValue());
    }

    private void add(Map<String, Variable> group, String name, Variable variable) {
        group.put(name, variable);
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

    Objective objective() {
        return objective;
    }

    /** The weights by name, moving statistics included. */
    Map<String, Variable> weights() {
        return weights;
    }

    List<Variable> trainable() {
        return weights.values().stream().filter(Variable::trainable).toList();
    }

    /** The momenta by their own names, which end in {@link #MOMENTUM}. */
    Map<String, Variable> momenta() {
        return momenta;
    }

    /** The averaged weights by the names of the weights; none unless the objective wants them. */
    Map<String, Variable> averaged() {
        return averaged;
    }

    VarHandleOp handle(String variable) {
        return handles.get(variable);
    }

    /** Reads each of those variables once. */
    Map<String, Operand<TFloat32>> read(Ops scope, Map<String, Variable> variables) {
        Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        variables.forEach((name, variable) ->
                values.put(name, scope.readVariableOp(handles.get(variable.name()), TFloat32.class)));
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
        return labels(scope, ProgramSignature.LABELS);
    }

    /** A class for each image of a batch. */
    Operand<TInt32> labels(Ops scope, String name) {
        return input(scope, name, TInt32.class, Shape.of(-1));
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
