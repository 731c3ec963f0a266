"""`nasbench.lib` with an atlas: `from nasatlas.shims.nasbench.lib import model_spec, graph_util`."""
