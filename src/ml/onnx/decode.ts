import { type Initializer, elementType, type ElementType } from './graph';
import { modelMessage } from './protobuf';

interface TensorJson {
  name?: string;
  dims?: number[];
  dataType?: number;
  rawData?: Uint8Array;
  externalData?: unknown[];
  dataLocation?: number;
}

/** A decoded model: plain objects in the shape of `protobuf.ts`, numbers for int64. */
function decode(model: Uint8Array): Record<string, unknown> {
  return modelMessage.toObject(modelMessage.decode(model), { longs: Number });
}

/**
 * Why a model may not be loaded, or undefined when it may. External data is refused wherever a tensor
 * can stand: a runtime would open the file that the model names.
 */
export function refusalOf(model: Uint8Array): string | undefined {
  let decoded: Record<string, unknown>;
  try {
    decoded = decode(model);
  } catch {
    return 'it is not an ONNX model';
  }
  if (decoded.graph === undefined) return 'it has no graph';
  return hasExternalData(decoded) ? 'it keeps weights in other files (external data)' : undefined;
}

function hasExternalData(value: unknown): boolean {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasExternalData);
  const { externalData, dataLocation } = value as TensorJson;
  if (dataLocation === 1 || (externalData?.length ?? 0) > 0) return true;
  return Object.values(value).some(hasExternalData);
}

/** The graph's constants by name. Their bytes are views into `model`. */
export function readInitializers(model: Uint8Array): Map<string, Initializer> {
  const graph = decode(model).graph as { initializer?: TensorJson[] } | undefined;
  return new Map(
    (graph?.initializer ?? []).map(
      ({ name = '', dims = [], dataType, rawData = new Uint8Array() }) => {
        const type = (Object.keys(elementType) as ElementType[]).find(
          (key) => elementType[key] === dataType,
        );
        if (type === undefined)
          throw new Error(`initializer "${name}" has element type ${dataType ?? 'none'}`);
        return [name, { name, dims, type, bytes: rawData }];
      },
    ),
  );
}
