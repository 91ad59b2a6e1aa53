"""What a product manager asks for: a first draft, differences, a backtest, the filing pack, the booklet."""
