package io.sparring.learning;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;

/** The devices that TensorFlow gives a session. A session falls back to the processor, and says nothing, where a GPU is not. */
final class SessionDevices {

    private SessionDevices() {
    }

    /**
     * The types of the devices, such as CPU and GPU.
     *
     * @throws IllegalArgumentException if TensorFlow refuses the configuration, as it does a GPU's number that is too high
     */
    static List<String> types(ConfigProto configuration) {
        byte[] bytes = configuration.toByteArray();
        try (PointerScope scope = new PointerScope()) {
            TF_Status status = TF_Status.newStatus();
            TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
            TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
            require(status);
            TF_Session session = TF_NewSession(TF_Graph.newGraph(), options, status);
            require(status);
            try {
                return types(session, status);
            } finally {
                TF_CloseSession(session, status);
                TF_DeleteSession(session, status);
            }
        }
    }

    private static List<String> types(TF_Session session, TF_Status status) {
        TF_DeviceList devices = TF_SessionListDevices(session, status);
        require(status);
        try {
            List<String> types = new ArrayList<>();
            for (int i = 0; i < TF_DeviceListCount(devices); i++) {
                types.add(TF_DeviceListType(devices, i, status).getString());
            }
            return types;
        } finally {
            TF_DeleteDeviceList(devices);
        }
    }

    private static void require(TF_Status status) {
        if (TF_GetCode(status) != 0) {
            throw new IllegalArgumentException(TF_Message(status).getString());
        }
    }
}
