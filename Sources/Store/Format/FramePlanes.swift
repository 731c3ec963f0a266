/// Where the planes of one frame lie in memory: some in the frame, some unpacked beside it.
struct FramePlanes {
  private(set) var presence = UnsafeRawBufferPointer(start: nil, count: 0)
  private var starts:
    (
      UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?,
      UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?
    ) = (nil, nil, nil, nil, nil, nil, nil, nil)

  /// `raw` and `unpacked` hold as many bytes as the header demands of each.
  init(header: FrameHeader, raw: UnsafeRawBufferPointer, unpacked: UnsafeRawBufferPointer) {
    var rawRest = raw
    var unpackedRest = unpacked
    func take(_ count: Int, raw isRaw: Bool) -> UnsafeRawBufferPointer {
      let source = isRaw ? rawRest : unpackedRest
      let taken = UnsafeRawBufferPointer(rebasing: source[..<count])
      if isRaw {
        rawRest = UnsafeRawBufferPointer(rebasing: source[count...])
      } else {
        unpackedRest = UnsafeRawBufferPointer(rebasing: source[count...])
      }
      return taken
    }
    if header.hasAbsent { presence = take(header.presenceBytes, raw: header.rawPresence) }
    withUnsafeMutableBytes(of: &starts) { starts in
      let starts = starts.bindMemory(to: UnsafePointer<UInt8>?.self)
      for plane in 0..<header.planes {
        let bytes = take(header.bytes(ofPlane: plane), raw: header.isRaw(plane))
        starts[plane] = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      }
    }
  }

  /// The first byte of a plane; nil where there is none.
  subscript(plane: Int) -> UnsafePointer<UInt8>? {
    switch plane {
    case 0: starts.0
    case 1: starts.1
    case 2: starts.2
    case 3: starts.3
    case 4: starts.4
    case 5: starts.5
    case 6: starts.6
    case 7: starts.7
    default: nil
    }
  }
}
