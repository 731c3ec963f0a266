import Logging

/// What is kept of every request: its tally for `/metrics`, and a line of the log where that is wished.
struct RequestLog: Sendable {
  let traffic: Traffic
  /// Nil where requests are not logged.
  let logger: Logger?

  func add(
    id: RequestName, method: String, path: @autoclosure () -> Substring, route: String, status: Int, duration: Duration
  ) {
    traffic.record(route: route, status: status, duration: duration)
    logger?.info(
      "request",
      metadata: [
        "id": "\(id.text)", "method": "\(method)", "path": "\(path())", "status": "\(status)",
        "microseconds": "\(Int(duration / .microseconds(1)))",
      ])
  }
}
