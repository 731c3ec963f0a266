import Records
import Testing

@Suite struct RecentValuesTests {
  @Test func valuesStayWithinTheirBytes() {
    var values = RecentValues<Int, String>(byteLimit: 100)
    for key in 0..<1_000 {
      values.keep("\(key)", key, bytes: 10)
      #expect(values.value(key) == "\(key)")
      #expect((0...key).count { values.value($0) != nil } <= 10)
    }
    values.removeAll()
    #expect((0..<1_000).allSatisfy { values.value($0) == nil })
  }

  @Test func whatIsAskedForStays() {
    var values = RecentValues<Int, Int>(byteLimit: 100)
    values.keep(-1, 0, bytes: 10)
    for key in 1..<500 {
      values.keep(key, key, bytes: 10)
      #expect(values.value(0) == -1)
    }
    #expect(values.value(1) == nil && values.value(499) == 499)
  }

  @Test func aKeyHasOneValueAndLargeValuesAreNotKept() {
    var values = RecentValues<String, Int>(byteLimit: 100)
    for number in 0..<50 { values.keep(number, "same", bytes: 40) }
    values.keep(7, "other", bytes: 10)
    #expect(values.value("same") == 49 && values.value("other") == 7)
    values.keep(50, "same", bytes: 51)
    #expect(values.value("same") == nil, "an old value must not answer for a new one")
    values.keep(1, "large", bytes: 1_000)
    #expect(values.value("large") == nil && values.value("other") == 7)
  }
}
