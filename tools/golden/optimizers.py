"""Ten steps of Adam, AdamW and LAMB, and the values of the schedules -> Tests/NetsTests/Golden/optimizers.json.

Parameters `first` (3×4) and `second` (5) start from the fills of their names; the gradient of step s (from 1) is the
fill `gradient.{s}.{parameter}` with the case's scale. Computed in float64. Run: python optimizers.py
"""

import pathlib

import torch

import fill

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "NetsTests" / "Golden" / "optimizers.json"
SHAPES = {"first": (3, 4), "second": (5,)}
STEPS = 10


class Lamb(torch.optim.Optimizer):
    """LAMB (You et al., 2020) with the conventions of NVIDIA's fused kernel in AdamW mode.

    The gradient of all parameters together is clipped to `max_gradient_norm`; moments are bias-corrected; the step of
    a tensor is scaled by |w| / |u| when both are positive and there is weight decay (or `always_adapt`).
    """

    def __init__(self, parameters, lr, betas, eps, weight_decay, max_gradient_norm=1.0, always_adapt=False):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})
        self.max_gradient_norm, self.always_adapt, self.steps = max_gradient_norm, always_adapt, 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        gradients = [p.grad for group in self.param_groups for p in group["params"]]
        norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
        divisor = norm / self.max_gradient_norm if norm > self.max_gradient_norm else torch.ones(())
        for group in self.param_groups:
            (beta1, beta2), decay = group["betas"], group["weight_decay"]
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["first"], state["second"] = torch.zeros_like(p), torch.zeros_like(p)
                gradient = p.grad / divisor
                state["first"] = beta1 * state["first"] + (1 - beta1) * gradient
                state["second"] = beta2 * state["second"] + (1 - beta2) * gradient**2
                mean = state["first"] / (1 - beta1**self.steps)
                variance = state["second"] / (1 - beta2**self.steps)
                update = mean / (variance.sqrt() + group["eps"]) + decay * p
                ratio = 1.0
                if (decay != 0 or self.always_adapt) and p.norm() > 0 and update.norm() > 0:
                    ratio = (p.norm() / update.norm()).item()
                p -= group["lr"] * ratio * update


def optimizer_case(name, kind, gradient_scale, zero=(), **config):
    """`zero` names the parameters that start at 0 instead of at their fill."""
    parameters = {
        key: torch.nn.Parameter(torch.from_numpy(fill.values(key, shape)).double() * (key not in zero))
        for key, shape in SHAPES.items()}
    betas = (config["beta1"], config["beta2"])
    if kind == "adamw":
        optimizer = torch.optim.AdamW(
            parameters.values(), lr=config["learning_rate"], betas=betas, eps=config["epsilon"],
            weight_decay=config["weight_decay"])
    elif kind == "adam":
        optimizer = torch.optim.Adam(
            parameters.values(), lr=config["learning_rate"], betas=betas, eps=config["epsilon"],
            weight_decay=config["weight_decay"])
    else:
        optimizer = Lamb(
            parameters.values(), config["learning_rate"], betas, config["epsilon"], config["weight_decay"],
            config["max_gradient_norm"], config["always_adapt"])
    trace = []
    for step in range(1, STEPS + 1):
        for key, parameter in parameters.items():
            gradient = fill.values(f"gradient.{step}.{key}", SHAPES[key], gradient_scale)
            parameter.grad = torch.from_numpy(gradient).double()
        if kind == "adam" and "max_gradient_norm" in config:
            torch.nn.utils.clip_grad_norm_(parameters.values(), config["max_gradient_norm"])
        optimizer.step()
        trace.append({key: fill.flat(parameter) for key, parameter in parameters.items()})
    return {"name": name, "optimizer": kind, "gradient_scale": gradient_scale, "zero": list(zero), "config": config,
            "shapes": {key: list(shape) for key, shape in SHAPES.items()}, "steps": trace}


def schedule_case(name, kind, peak, epochs, per_epoch, **config):
    """The learning rate at each 1 / per_epoch of an epoch, from 0 up to but without `epochs`."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    positions = [index / per_epoch for index in range(epochs * per_epoch)]
    if kind == "constant":
        rates = [peak] * len(positions)
    else:
        schedule = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
            optimizer, T_0=config["period"], T_mult=config["multiplier"], eta_min=config["minimum"])
        rates = []
        for position in positions:
            schedule.step(position)
            rates.append(optimizer.param_groups[0]["lr"])
    return {"name": name, "schedule": kind, "peak": peak, "config": config, "epochs": positions,
            "rates": [fill.rounded(rate) for rate in rates]}


def main():
    adam = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    lamb = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "max_gradient_norm": 1.0, "always_adapt": False}
    cases = [
        optimizer_case("adam", "adam", 1.0, learning_rate=1e-3, weight_decay=1e-1, **adam),
        optimizer_case("adam.clipped", "adam", 2.0, learning_rate=1e-2, weight_decay=1e-1, max_gradient_norm=1.5,
                       **adam),
        optimizer_case("adamw", "adamw", 1.0, learning_rate=1e-3, weight_decay=1e-2, **adam),
        optimizer_case("adamw.nodecay", "adamw", 0.01, learning_rate=1e-2, weight_decay=0.0,
                       **{**adam, "beta1": 0.7}),
        optimizer_case("lamb.clipped", "lamb", 4.0, learning_rate=1e-2, weight_decay=1e-2, **lamb),
        optimizer_case("lamb.unclipped", "lamb", 0.05, learning_rate=1e-2, weight_decay=1e-3, **lamb),
        optimizer_case("lamb.nodecay", "lamb", 1.0, learning_rate=1e-2, weight_decay=0.0, **lamb),
        optimizer_case("lamb.nodecay.adapt", "lamb", 1.0, learning_rate=1e-2, weight_decay=0.0,
                       **{**lamb, "always_adapt": True}),
        optimizer_case("lamb.zerostart", "lamb", 1.0, ("second",), learning_rate=1e-2, weight_decay=1e-2, **lamb),
        schedule_case("constant", "constant", 1e-3, 5, 1),
        schedule_case("restarts", "cosine_restarts", 1e-3, 25, 1, period=10, multiplier=1, minimum=0.0),
        schedule_case("restarts.growing", "cosine_restarts", 1e-2, 20, 1, period=5, multiplier=2, minimum=1e-5),
        schedule_case("restarts.fractional", "cosine_restarts", 1e-2, 7, 4, period=2, multiplier=2, minimum=1e-4),
    ]
    fill.write_cases(PATH, {"oracle": f"torch {torch.__version__.split('+')[0]}"}, cases)


if __name__ == "__main__":
    main()
