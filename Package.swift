// swift-tools-version: 6.1
import PackageDescription

/// One set of settings for every target of our own.
let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-warnings-as-errors"]),
]

/// The inner loops are optimised in every configuration (a debug build of them is fifty times slower) and compiled for
/// one instruction set; `Nets` chooses between them at run time.
func kernelTarget(_ name: String, architecture: String, defines: [String] = []) -> Target {
  .target(
    name: name,
    swiftSettings: swiftSettings + [
      .unsafeFlags(["-Ounchecked", "-Xcc", "-march=\(architecture)"] + defines.map { "-D\($0)" })
    ])
}

let package = Package(
  name: "NASAtlas",
  products: [
    .library(name: "Records", targets: ["Records"]),
    .library(name: "Spaces", targets: ["Spaces"]),
    .library(name: "Training", targets: ["Training"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Records",
      dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swiftSettings),
    kernelTarget("KernelsAVX2", architecture: "x86-64-v3"),
    kernelTarget("KernelsAVX512", architecture: "x86-64-v4", defines: ["AVX512"]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(
      name: "Nets", dependencies: ["Records", "COpenBLAS", "KernelsAVX2", "KernelsAVX512"],
      swiftSettings: swiftSettings + [
        .unsafeFlags(["-enforce-exclusivity=unchecked"]), .unsafeFlags(["-O"], .when(configuration: .debug)),
      ]),
    .executableTarget(
      name: "training-bench", dependencies: ["Nets", "Records"], path: "tools/bench/training",
      swiftSettings: swiftSettings),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "NetsTests", dependencies: ["Nets", "Records", "CAllocationCounter"], exclude: ["Golden"], swiftSettings: swiftSettings),
    .target(name: "Spaces", dependencies: ["Records"], swiftSettings: swiftSettings),
    .target(name: "TestSupport", dependencies: ["Records", "Spaces"], swiftSettings: swiftSettings),
    .testTarget(name: "RecordsTests", dependencies: ["Records"], swiftSettings: swiftSettings),
    .testTarget(
      name: "SpacesTests", dependencies: ["Records", "Spaces", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: swiftSettings),
    .target(name: "Training", dependencies: ["Records"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Records"], exclude: ["Golden"], swiftSettings: swiftSettings),
  ]
)
