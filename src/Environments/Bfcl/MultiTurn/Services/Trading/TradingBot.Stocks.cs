using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;

/// <content>Stocks and the watch list.</content>
internal sealed partial class TradingBot
{
    private PyValue StockInfo(PyValue symbol)
    {
        if (_stocks.Get(symbol) is not { } stock) return Error($"Stock with symbol '{symbol}' not found.");
        if (!_longContext) return stock;
        var details = PyContainer.Dict(stock, "copy");
        return _more is null ? details : details.With("MA(5)", _more.MovingAverage5).With("MA(20)", _more.MovingAverage20);
    }

    private PyDict StocksOf(PyValue sector)
    {
        var stocks = PyEquality.Hashable(sector) is not PyStr name ? PyList.Empty : name.Text switch
        {
            "Technology" => new PyList("AAPL", "GOOG", "MSFT", "NVDA").Extend(_more?.TechnologyStocks.Items ?? []),
            "Automobile" => new PyList("TSLA", "F", "GM").Extend(_more?.AutomobileStocks.Items ?? []),
            _ => PyList.Empty,
        };
        return new PyDict(("stock_list", stocks));
    }

    private PyDict FilterByPrice(PyValue symbols, PyValue lowest, PyValue highest)
    {
        var within = PyContainer.Iterate(symbols).Where(symbol =>
        {
            var price = PyContainer.Dict(_stocks.Get(symbol) ?? PyDict.Empty, "get").Get("price") ?? 0;
            return PyOrder.GreaterOrEqual(price, lowest) && PyOrder.LessOrEqual(price, highest);
        });
        return new PyDict(("filtered_stocks", PyList.Of(within)));
    }

    private PyDict NotifyPriceChange(PyValue symbols, PyValue threshold)
    {
        var changed = PyContainer.Iterate(symbols)
            .Where(symbol => _stocks.Get(symbol) is { } stock
                && PyOrder.GreaterOrEqual(PyArithmetic.Abs(PyContainer.Subscript(stock, "percent_change")), threshold))
            .Select(symbol => symbol.ToString())
            .ToList();
        return new PyDict(("notification", changed.Count > 0
            ? $"Stocks {string.Join(", ", changed)} have significant price changes."
            : "No significant price changes in the selected stocks."));
    }

    private PyDict Watch(PyValue symbol)
    {
        if (!PyContainer.Contains(_watchList, symbol) && _stocks.Contains(symbol)) _watchList = _watchList.Append(symbol);
        return new PyDict(("watchlist", _watchList));
    }

    private PyDict Unwatch(PyValue symbol)
    {
        if (NotLoggedIn("modify the watchlist") is { } refused) return refused;
        if (!PyContainer.Contains(_watchList, symbol)) return Error($"Stock {symbol} not found in watchlist.");
        _watchList = _watchList.Remove(symbol);
        return new PyDict(("status", $"Stock {symbol} removed from watchlist successfully."));
    }

    private PyValue WatchList()
    {
        if (!_authenticated.Truthy) return new PyList("Error: User not authenticated. Please log in to view the watchlist.");
        // A long task gets the bare list, without the dict around it.
        return _longContext ? _watchList.Extend(_more?.WatchList.Items ?? []) : new PyDict(("watchlist", _watchList));
    }
}
