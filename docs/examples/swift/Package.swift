// swift-tools-version: 6.1
import PackageDescription

// `package:` below is the last part of this URL.
let package = Package(
  name: "search",
  dependencies: [.package(url: "the URL of this repository/NASAtlas", branch: "main")],
  targets: [
    .executableTarget(
      name: "search",
      dependencies: [
        .product(name: "Benchmarks", package: "NASAtlas"), .product(name: "Records", package: "NASAtlas"),
      ])
  ])
