import Nets

extension Parameters {
  /// All values, tensor by tensor, each in the logical, row-major layout.
  var snapshot: [Float] {
    get { tensors.flatMap(read) }
    set {
      precondition(newValue.count == count)
      var start = 0
      for tensor in tensors {
        fill(tensor) { newValue[start + $0] }
        start += tensor.count
      }
    }
  }
}
