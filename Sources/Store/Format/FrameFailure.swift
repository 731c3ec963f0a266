/// Why bytes are no frame, or values cannot be one; whoever holds the frame says where it stands.
package struct FrameFailure: Error, Equatable {
  package let reason: String
}
