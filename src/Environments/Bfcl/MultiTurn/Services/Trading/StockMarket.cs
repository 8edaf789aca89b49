using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;

/// <summary>What the trading service knows where a task says nothing else.</summary>
internal static class StockMarket
{
    public static PyDict Symbols { get; } = new(
        ("Apple", "AAPL"), ("Google", "GOOG"), ("Tesla", "TSLA"), ("Microsoft", "MSFT"), ("Nvidia", "NVDA"), ("Zeta Corp", "ZETA"),
        ("Alpha Tech", "ALPH"), ("Omega Industries", "OMEG"), ("Quasar Ltd.", "QUAS"), ("Neptune Systems", "NEPT"), ("Synex Solutions", "SYNX"),
        ("Amazon", "AMZN"), ("Gorilla", "GORI"));

    public static PyDict Stocks { get; } = new(
        ("AAPL", Stock(227.16, 0.17, 2.552, 227.11, 227.09)),
        ("GOOG", Stock(2840.34, 0.24, 1.123, 2835.67, 2842.15)),
        ("TSLA", Stock(667.92, -0.12, 1.654, 671.15, 668.2)),
        ("MSFT", Stock(310.23, 0.09, 3.234, 309.88, 310.11)),
        ("NVDA", Stock(220.34, 0.34, 1.234, 220.45, 220.67)),
        ("ALPH", Stock(1320.45, -0.08, 1.567, 1321.12, 1325.78)),
        ("OMEG", Stock(457.23, 0.12, 2.345, 456.78, 458.12)),
        ("QUAS", Stock(725.89, -0.03, 1.789, 726.45, 728.0)),
        ("NEPT", Stock(88.34, 0.19, 0.654, 88.21, 88.67)),
        ("SYNX", Stock(345.67, 0.11, 2.112, 345.34, 346.12)),
        ("ZETA", Stock(22.09, -0.05, 0.789, 22.12, 22.34)));

    public static PyDict Orders { get; } = new(
        (12345, Order(12345, "Buy", "AAPL", 210.65, 10, "Completed")),
        (12446, Order(12446, "Sell", "GOOG", 2840.56, 5, "Pending")));

    public static PyDict Account { get; } = new(("account_id", 12345), ("balance", 10000.0), ("binding_card", 1974202140965533));

    public static PyDict Order(PyValue id, PyValue type, PyValue symbol, PyValue price, PyValue amount, PyValue status) => new(
        ("id", id), ("order_type", type), ("symbol", symbol), ("price", price), ("amount", amount), ("status", status));

    private static PyDict Stock(double price, double change, double volume, double average5, double average20) => new(
        ("price", price), ("percent_change", change), ("volume", volume), ("MA(5)", average5), ("MA(20)", average20));
}
