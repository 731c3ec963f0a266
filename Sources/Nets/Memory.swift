import Foundation

/// Owns the memory of a network: zeroed blocks of floats, aligned to 64 bytes, freed together.
package final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []
  package private(set) var bytes = 0

  package init() {}

  package func floats(_ count: Int) -> Floats {
    let size = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    memset(block, 0, size)
    blocks.append(block)
    bytes += size
    return block.bindMemory(to: Float.self, capacity: size / MemoryLayout<Float>.stride)
  }

  func integers(_ count: Int) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(floats(count)).bindMemory(to: Int32.self, capacity: count)
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}

/// Working memory that layers share by name, one after the other. Each layer reserves what it needs; a block is as large
/// as the largest wish for its name.
final class ScratchPool {
  struct Handle {
    fileprivate let index: Int
  }

  private var names: [String: Int] = [:]
  private var sizes: [Int] = []
  private var blocks: [Floats] = []

  func reserve(_ name: String, _ count: Int) -> Handle {
    if let index = names[name] {
      sizes[index] = max(sizes[index], count)
      return Handle(index: index)
    }
    names[name] = sizes.count
    sizes.append(count)
    return Handle(index: sizes.count - 1)
  }

  func allocate(in arena: Arena) {
    blocks = sizes.map(arena.floats)
  }

  subscript(handle: Handle) -> Floats { blocks[handle.index] }
}

/// The next multiple of the sixteen lanes of a vector.
@inline(__always) package func padded(_ count: Int) -> Int { (count + 15) & ~15 }
