extension EventSequenceArchitecture {
  /// What the slots of ``architectureVector`` mean.
  var slotGroups: [SlotGroup] {
    typealias Layout = EventSequenceVector
    let heads = Layout.headSlots
    let stem = [SlotGroup("stem kernel", ["1", "3", "5", "wide"]), SlotGroup("stem dropout", ["on"])]
    let body =
      [SlotGroup("time encoding", ["on"]), .unary("encoder layers", count: 4)]
      + (1...4).map { SlotGroup("encoder \($0), operations", OperationSet.allCases.map(\.spelling)) }
      + (1...4).map { SlotGroup.unary("encoder \($0), heads", count: heads) }
    let decoder =
      [.unary("decoder layers", count: 2)]
      + (1...2).map { SlotGroup("decoder \($0), operations", (1...Layout.operationSlots).map { "\($0)" }) }
      + (1...2).map { SlotGroup.unary("decoder \($0), self-attention heads", count: heads) }
      + (1...2).map { SlotGroup.unary("decoder \($0), cross-attention heads", count: heads) }
    let head = [SlotGroup("spatial dropout", ["on"]), SlotGroup("pooling", Pooling.allCases.map { "\($0)" })]
    return (self.stem == nil ? [] : stem) + body + decoder + head
  }
}
