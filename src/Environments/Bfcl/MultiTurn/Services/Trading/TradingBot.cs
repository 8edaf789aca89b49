using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;

/// <summary>The trading service: stocks, orders, an account, a watch list.</summary>
internal sealed partial class TradingBot : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<TradingBot>("TradingBot", new()
    {
        ["get_current_time()"] = (_, _) => new PyDict(("current_time", "10:30 AM")),
        ["get_symbol_by_name(name)"] = (_, a) => new PyDict(("symbol", StockMarket.Symbols.Get(a[0]) ?? "Stock not found")),
        ["get_stock_info(symbol)"] = (bot, a) => bot.StockInfo(a[0]),
        ["get_order_details(order_id)"] = (bot, a) => bot.OrderDetails(a[0]),
        ["cancel_order(order_id)"] = (bot, a) => bot.CancelOrder(a[0]),
        ["place_order(order_type, symbol, price, amount)"] = (bot, a) => bot.PlaceOrder(a[0], a[1], a[2], a[3]),
        ["withdraw_funds(amount)"] = (bot, a) => bot.Withdraw(a[0]),
        ["get_account_info()"] = (bot, _) => bot.NotLoggedIn("view account information") ?? bot._account,
        ["trading_login(username, password)"] = (bot, _) => bot.LogIn(),
        ["trading_get_login_status()"] = (bot, _) => new PyDict(("status", bot._authenticated.Truthy)),
        ["trading_logout()"] = (bot, _) => bot.LogOut(),
        ["fund_account(amount)"] = (bot, a) => bot.Fund(a[0]),
        ["remove_stock_from_watchlist(symbol)"] = (bot, a) => bot.Unwatch(a[0]),
        ["get_watchlist()"] = (bot, _) => bot.WatchList(),
        ["get_order_history()"] = (bot, _) => bot.NotLoggedIn("view order history") is { } refused
            ? new PyList(refused)
            : new PyDict(("history", PyList.Of(bot._orders.Keys))),
        ["get_transaction_history(start_date=None, end_date=None)"] = (bot, a) => bot.Transactions(a[0], a[1]),
        ["get_available_stocks(sector)"] = (bot, a) => bot.StocksOf(a[0]),
        ["filter_stocks_by_price(stocks, min_price, max_price)"] = (bot, a) => bot.FilterByPrice(a[0], a[1], a[2]),
        ["add_to_watchlist(stock)"] = (bot, a) => bot.Watch(a[0]),
        ["notify_price_change(stocks, threshold)"] = (bot, a) => bot.NotifyPriceChange(a[0], a[1]),
    });

    private readonly bool _longContext;
    private readonly LongContextExtension? _more;
    private readonly PyDict _stocks;
    private readonly PyValue _marketStatus;
    private PyDict _orders;
    private PyDict _account;
    private PyValue _authenticated;
    private PyValue _orderCounter;
    private PyList _watchList;
    private PyList _transactions;
    private SeededDraws _draws;

    public TradingBot(Scenario scenario)
    {
        _longContext = scenario.LongContext;
        _more = scenario.Extension;
        _stocks = scenario.Dict("stocks", StockMarket.Stocks);
        _marketStatus = scenario.Get("market_status", "Closed");
        _orders = new PyDict(scenario.Dict("orders", StockMarket.Orders)
            .Select(order => KeyValuePair.Create(OrderNumber(order.Key), order.Value)));
        _account = scenario.Dict("account_info", StockMarket.Account);
        _authenticated = scenario.Get("authenticated", false);
        _orderCounter = scenario.Get("order_counter", 12446);
        _watchList = scenario.List("watch_list", new PyList("NVDA"));
        _transactions = scenario.List("transaction_history", PyList.Empty);
        _draws = scenario.Draws(1053520);
    }

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
    [
        ("orders", _orders), ("account_info", _account), ("authenticated", _authenticated), ("market_status", _marketStatus),
        ("order_counter", _orderCounter), ("stocks", _stocks), ("watch_list", _watchList), ("transaction_history", _transactions),
        ("long_context", _longContext),
    ];

    // JSON has only text for keys; the orders are asked for by number.
    private static PyValue OrderNumber(PyValue key) =>
        key is PyStr { Text.Length: > 0 } text && text.Text.All(char.IsDigit) ? PyNumberText.ToInteger(text) : key;

    private PyDict? NotLoggedIn(string purpose) =>
        _authenticated.Truthy ? null : Error($"User not authenticated. Please log in to {purpose}.");
}
