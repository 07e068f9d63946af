import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Frame } from "../protocol/frames.js";
import { MAX_FRAME_BYTES } from "../protocol/limits.js";

const HEADER_BYTES = 5;
const TEXT = 0;
const BINARY = 1;

/** A frame up to this size is copied behind its header: one piece is written with less work than two. Larger ones would need memory of their own. */
const COPIED_BYTES = 2 * 1024;

/** A frame that comes in more pieces is put together early: many small pieces take far more memory than their bytes. */
const MOST_CHUNKS = 1_000;

/** Frames over a stream socket: 4-byte length, 1 byte that says text or binary, then the payload. */
export interface FrameSocket {
  /**
   * Returns false when the socket's buffer is full: wait for `onDrain` before sending more that can wait.
   * `onWritten` says that the frame's memory is no longer used, also when it could not be sent.
   */
  send(frame: Frame, onWritten?: () => void): boolean;
  /** Sends what was accepted, then closes. */
  end(): void;
  destroy(): void;
  /** Reads no more until `resume`: the other side's frames wait at its end. */
  pause(): void;
  resume(): void;
  /** Bytes accepted by `send` that have not left this process. */
  readonly buffered: number;
}

export interface FrameSocketListener {
  onFrame(frame: Frame): void;
  onDrain?(): void;
  /** Once, however it ended. */
  onClosed(error: Error | null): void;
}

/** The other side sent what no frame looks like, or a frame beyond the limit. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export function frameSocket(
  socket: Socket,
  listener: FrameSocketListener,
  { maxFrameBytes = MAX_FRAME_BYTES }: { maxFrameBytes?: number } = {},
): FrameSocket {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wanted = HEADER_BYTES;
  let kind: number | null = null;
  let failure: Error | null = null;

  const take = (bytes: number): Buffer => {
    const first = pending[0];
    if (first !== undefined && first.length >= bytes) {
      pending[0] = first.subarray(bytes);
      if (pending[0].length === 0) pending.shift();
      pendingBytes -= bytes;
      return first.subarray(0, bytes);
    }
    const all = Buffer.concat(pending, pendingBytes);
    pending = all.length > bytes ? [all.subarray(bytes)] : [];
    pendingBytes -= bytes;
    return all.subarray(0, bytes);
  };

  socket.on("data", (chunk: Buffer) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pending.length > MOST_CHUNKS) pending = [Buffer.concat(pending, pendingBytes)];
    while (pendingBytes >= wanted && !socket.destroyed) {
      if (kind === null) {
        const header = take(HEADER_BYTES);
        wanted = header.readUInt32BE(0);
        kind = header.readUInt8(4);
        if (wanted > maxFrameBytes || kind > BINARY) {
          socket.destroy(new FrameError(`A frame of ${wanted} bytes and kind ${kind} is not allowed`));
          return;
        }
      } else {
        const payload = take(wanted);
        const frame: Frame = kind === TEXT ? payload.toString("utf8") : payload;
        kind = null;
        wanted = HEADER_BYTES;
        listener.onFrame(frame);
      }
    }
  });
  socket.on("drain", () => listener.onDrain?.());
  socket.on("error", (error) => (failure = error));
  socket.on("close", () => listener.onClosed(failure));

  return {
    send: (frame, onWritten) => {
      if (socket.destroyed || socket.writableEnded) {
        onWritten?.();
        return false;
      }
      const length = typeof frame === "string" ? Buffer.byteLength(frame, "utf8") : frame.length;
      const isCopied = length <= COPIED_BYTES;
      const header = Buffer.allocUnsafe(HEADER_BYTES + (isCopied ? length : 0));
      header.writeUInt32BE(length, 0);
      header.writeUInt8(typeof frame === "string" ? TEXT : BINARY, 4);
      if (isCopied) {
        if (typeof frame === "string") header.write(frame, HEADER_BYTES, "utf8");
        else header.set(frame, HEADER_BYTES);
        return socket.write(header, onWritten);
      }
      const payload = typeof frame === "string" ? Buffer.from(frame, "utf8") : frame;
      socket.cork();
      socket.write(header);
      const roomLeft = socket.write(payload, onWritten);
      socket.uncork();
      return roomLeft;
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    get buffered() {
      return socket.writableLength;
    },
  };
}
