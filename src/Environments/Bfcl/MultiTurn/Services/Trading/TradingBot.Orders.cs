using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;

/// <content>Orders.</content>
internal sealed partial class TradingBot
{
    private PyValue OrderDetails(PyValue id)
    {
        if (_orders.Get(id) is not { } order)
        {
            return Error($"Order with ID {id} not found.Here is the list of orders_id: {PyRepr.Of(PyList.Of(_orders.Keys))}");
        }

        if (!_longContext) return order;
        var details = PyContainer.Dict(order, "copy");
        if (_more is null) return details;
        var symbol = PyContainer.Subscript(order, "symbol").ToString();
        var metadata = _more.OrderDetails.Select(text => KeyValuePair.Create(
            text.Key,
            (PyValue)text.Value.ToString().Replace("{symbol}", symbol, StringComparison.Ordinal)));
        return details.With("metadata", new PyDict(metadata));
    }

    private PyDict CancelOrder(PyValue id)
    {
        if (_orders.Get(id) is not { } order) return Error($"Order with ID {id} not found.");
        if (PyEquality.Equal(PyContainer.Subscript(order, "status"), "Completed")) return Error($"Can't cancel order {id}. Order is already completed.");
        _orders = _orders.With(id, ((PyDict)order).With("status", "Cancelled"));
        return new PyDict(("order_id", id), ("status", "Cancelled"));
    }

    private PyDict PlaceOrder(PyValue type, PyValue symbol, PyValue price, PyValue amount)
    {
        if (NotLoggedIn("place an order") is { } refused) return refused;
        if (!_stocks.Contains(symbol)) return Error($"Invalid stock symbol: {symbol}");
        if (PyOrder.LessOrEqual(price, 0) || PyOrder.LessOrEqual(amount, 0)) return Error("Price and amount must be positive values.");
        if (PyText.Lower(PyContainer.Text(type, "lower")) == "buy")
        {
            var cost = PyNumber.AsFloat(PyArithmetic.Multiply(PyNumberText.ToFloat(price), PyNumberText.ToInteger(amount)));
            var balance = _account.Get("balance") ?? 0;
            if (PyOrder.Greater(cost, balance))
            {
                return Error($"Insufficient funds: required ${PyFloatText.Fixed(cost, 2)} but only ${PyFloatText.Fixed(PyNumberText.ToFloat(balance), 2)} available.");
            }
        }

        PyValue exact = PyNumberText.ToFloat(price);
        var id = _orderCounter;
        _orders = _orders.With(id, StockMarket.Order(id, type, symbol, exact, amount, "Open"));
        _orderCounter = PyArithmetic.Add(_orderCounter, 1, "+=");
        // The answer says pending; asked later, the order is open.
        return new PyDict(("order_id", id), ("order_type", type), ("status", "Pending"), ("price", exact), ("amount", amount));
    }
}
