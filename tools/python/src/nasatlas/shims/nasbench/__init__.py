"""`nasbench` with an atlas: `from nasatlas.shims.nasbench import api`."""
