// MARK: A sequence of tokens

extension EventSequenceArchitecture {
  /// Tokens of ``sequenceEncoding`` are below this.
  public static let sequenceVocabulary = 34

  /// 17 tokens, one a choice: stem kernel and dropout, time encoding, operations and heads of four encoder layers, self and
  /// cross heads of two decoder layers, spatial dropout, pooling.
  ///
  /// Tokens of different kinds of choices differ, those of different layers do not: kernels 1–4, stem dropout 5 and 6
  /// (off, on), time encoding 7 and 8, operations 9–15, no heads 16, encoder heads 17–20, self heads 21–24, cross heads
  /// 25–28, spatial dropout 29 and 30, pooling 31–33. What does not exist is 0.
  public var sequenceEncoding: [UInt8] {
    func heads(_ count: Int?, from first: Int, none: Int) -> Int {
      count.flatMap(Self.headCounts.firstIndex).map { first + $0 } ?? none
    }
    var tokens = stem.map { [1 + $0.kernel.rawValue, $0.dropout ? 6 : 5] } ?? [0, 0]
    tokens.append(timeEncoding ? 8 : 7)
    for index in 0..<(Self.encoderDepths.max() ?? 0) {
      guard index < encoder.count else {
        tokens += [0, 0]
        continue
      }
      tokens += [9 + encoder[index].operations.index, heads(encoder[index].attentionHeads, from: 17, none: 16)]
    }
    for index in 0..<(Self.decoderDepths.max() ?? 0) {
      guard index < decoder.count else {
        tokens += [0, 0]
        continue
      }
      tokens += [
        heads(decoder[index].selfHeads, from: 21, none: 0), heads(decoder[index].crossHeads, from: 25, none: 0),
      ]
    }
    tokens += [head.spatialDropout ? 30 : 29, 31 + head.pooling.rawValue]
    return tokens.map(UInt8.init)
  }
}
