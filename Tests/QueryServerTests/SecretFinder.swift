import Foundation

/// Finds secrets of a ``SecretAtlas`` in what a server sends, in many spellings: in full, rounded, as a fraction or times
/// 100, with an exponent, and as the bits of a double or a float.
struct SecretFinder {
  private let secrets: [Double]
  private let doubles: Set<UInt64>
  private let floats: Set<UInt32>
  /// Spellings of bits as whole numbers.
  private let words: [String: Double]

  init(_ secrets: Set<Double>) {
    self.secrets = secrets.sorted()
    doubles = Set(secrets.flatMap { [$0, $0 / 100].map(\.bitPattern) })
    floats = Set(secrets.flatMap { [Float($0), Float($0 / 100)].map(\.bitPattern) })
    var words: [String: Double] = [:]
    for secret in secrets {
      let bits = secret.bitPattern
      for word in ["\(bits)", String(bits, radix: 16), String(bits.byteSwapped, radix: 16)] { words[word] = secret }
    }
    self.words = words
  }

  /// What a text tells: secrets, and other numbers in 90..<99 with a fraction, which only what follows from secrets has.
  func found(in text: String) -> Set<Double> {
    var found: Set<Double> = []
    for number in Self.numbers(text) {
      if number.digits >= 4, (90..<99).contains(number.value) { found.insert(number.value) }
      guard number.digits >= 6 else { continue }
      for scale in [1, 100, 0.01] {
        if let secret = near(number.value * scale, number.error * scale) { found.insert(secret) }
      }
    }
    for word in text.utf8.split(whereSeparator: { !Self.isWord($0) }) where word.count >= 15 && word.count <= 20 {
      if let secret = words[String(decoding: word, as: UTF8.self).lowercased()] { found.insert(secret) }
    }
    return found
  }

  /// Whether bytes hold a secret as a double or a float, at any place and in either order.
  func isTold(by bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      guard buffer.count >= 4 else { return false }
      for place in 0...buffer.count - 4 {
        // The upper byte of all these is 0x42, 0x40 or 0x3F, and the one below it no letter of a text.
        let float = buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        if floats.contains(float) || floats.contains(float.byteSwapped) { return true }
        guard place + 8 <= buffer.count else { continue }
        let double = buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        if doubles.contains(double) || doubles.contains(double.byteSwapped) { return true }
      }
      return false
    }
  }

  /// A secret that is at most `error` away.
  private func near(_ value: Double, _ error: Double) -> Double? {
    var (low, high) = (0, secrets.count)
    while low < high {
      let middle = (low + high) / 2
      if secrets[middle] < value - error { low = middle + 1 } else { high = middle }
    }
    return low < secrets.count && secrets[low] <= value + error ? secrets[low] : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private struct Number {
    let value: Double
    /// Half a unit of the last digit.
    let error: Double
    let digits: Int
  }

  /// The decimal fractions in a text, wherever they stand.
  private static func numbers(_ text: String) -> [Number] {
    let bytes = Array(text.utf8)
    var found: [Number] = []
    var place = 0
    func end(_ from: Int) -> Int {
      var end = from
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
      return end
    }
    while place < bytes.count {
      guard isDigit(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      let whole = end(start)
      place = whole
      guard whole < bytes.count, bytes[whole] == UInt8(ascii: "."), end(whole + 1) > whole + 1 else { continue }
      let fraction = end(whole + 1)
      place = fraction
      var exponent = 0
      if fraction < bytes.count, bytes[fraction] | 0x20 == UInt8(ascii: "e") {
        let sign = fraction + 1 < bytes.count && [0x2B, 0x2D].contains(bytes[fraction + 1]) ? 1 : 0
        let last = end(fraction + 1 + sign)
        if last > fraction + 1 + sign,
          let number = Int(String(decoding: bytes[(fraction + 1)..<last], as: UTF8.self)), abs(number) < 300
        {
          (exponent, place) = (number, last)
        }
      }
      guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else { continue }
      let digits = bytes[start..<fraction].filter(isDigit).drop { $0 == UInt8(ascii: "0") }.count
      found.append(
        Number(value: value, error: 0.5 * pow(10, Double(exponent - (fraction - whole - 1))), digits: digits))
    }
    return found
  }
}
