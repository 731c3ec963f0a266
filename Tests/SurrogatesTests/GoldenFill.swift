/// Numbers that follow from a name, as `tools/golden/README.md` defines them.
func goldenFill(_ name: String, _ count: Int, scale: Float, offset: Float = 0) -> [Float] {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  return (1...count).map { index in
    var x = hash &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    x ^= x >> 31
    return (Float(x >> 40) / 16_777_216 - 0.5) * 2 * scale + offset
  }
}
