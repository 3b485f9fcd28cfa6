"""The arithmetic behind forecasts: loads numpy, so it is imported only when somebody asks when."""
