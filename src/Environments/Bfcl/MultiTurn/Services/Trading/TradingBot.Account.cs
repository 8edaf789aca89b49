using System.Globalization;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;

/// <content>Login and money.</content>
internal sealed partial class TradingBot
{
    // It is always half past ten there; a transaction happens some time in the day that follows.
    private static readonly DateTime Now = new(2024, 9, 1, 10, 30, 0, DateTimeKind.Unspecified);
    private const int SecondsOfDay = 86400;

    private PyDict LogIn()
    {
        if (_authenticated.Truthy) return Status("Already logged in");
        _authenticated = true;
        return Status("Logged in successfully");
    }

    private PyDict LogOut()
    {
        if (!_authenticated.Truthy) return Status("No user is currently logged in");
        _authenticated = false;
        return Status("Logged out successfully");
    }

    private PyDict Withdraw(PyValue amount)
    {
        if (NotLoggedIn("make a transaction") is { } refused) return refused;
        if (!PyEquality.Equal(_marketStatus, "Open")) return Error("Market is closed. Transactions are not allowed.");
        if (PyOrder.LessOrEqual(amount, 0)) return Error("Transaction amount must be positive.");
        if (PyOrder.Greater(amount, _account["balance"])) return Error("Insufficient funds for withdrawal.");
        _account = _account.With("balance", PyArithmetic.Subtract(_account["balance"], amount, "-="));
        Record("withdrawal", amount);
        return new PyDict(("status", "Withdrawal successful"), ("new_balance", _account["balance"]));
    }

    private PyDict Fund(PyValue amount)
    {
        if (NotLoggedIn("fund the account") is { } refused) return refused;
        if (PyOrder.LessOrEqual(amount, 0)) return Error("Funding amount must be positive.");
        _account = _account.With("balance", PyArithmetic.Add(_account["balance"], amount, "+="));
        Record("deposit", amount);
        return new PyDict(("status", "Account funded successfully"), ("new_balance", _account["balance"]));
    }

    private void Record(string type, PyValue amount)
    {
        (var seconds, _draws) = _draws.RandInt(0, SecondsOfDay);
        var time = Now.AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        _transactions = _transactions.Append(new PyDict(("type", type), ("amount", amount), ("timestamp", time)));
    }

    private PyValue Transactions(PyValue from, PyValue to)
    {
        if (NotLoggedIn("view transaction history") is { } refused) return new PyList(refused);
        var start = from.Truthy ? PyDates.ParseDay(from) : DateTime.MinValue;
        var end = to.Truthy ? PyDates.ParseDay(to) : DateTime.MaxValue;
        var within = _transactions.Items.Where(transaction =>
            PyDates.ParseSecond(PyContainer.Subscript(transaction, "timestamp")) is var time && start <= time && time <= end);
        return new PyDict(("transaction_history", PyList.Of(within).Extend(_more?.TransactionHistory.Items ?? [])));
    }

    private static PyDict Status(string status) => new(("status", status));
}
