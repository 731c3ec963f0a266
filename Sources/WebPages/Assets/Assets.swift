/// Files that pages link to.
enum Assets {
  static let icon = #"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f5d8a"/>\#
    <g stroke="#fff" stroke-width="2" fill="none"><path d="M8 24 16 8l8 16M8 24h16"/></g>\#
    <g fill="#fff"><circle cx="8" cy="24" r="3"/><circle cx="16" cy="8" r="3"/><circle cx="24" cy="24" r="3"/></g></svg>
    """#
}
