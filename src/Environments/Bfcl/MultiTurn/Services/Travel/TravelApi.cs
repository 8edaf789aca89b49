using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;

/// <summary>The travel service: flights, cards, bookings, insurance.</summary>
internal sealed partial class TravelApi : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<TravelApi>("TravelAPI", new()
    {
        ["authenticate_travel(client_id, client_secret, refresh_token, grant_type, user_first_name, user_last_name)"] =
            (travel, a) => travel.Authenticate(a[3], a[4], a[5]),
        ["travel_get_login_status()"] = (travel, _) => travel.LoginStatus(),
        ["get_budget_fiscal_year(lastModifiedAfter=None, includeRemoved=None)"] = (_, _) => new PyDict(("budget_fiscal_year", "2018")),
        ["register_credit_card(access_token, card_number, expiration_date, cardholder_name, card_verification_number)"] =
            (travel, a) => travel.RegisterCard(a[0], a[1], a[2], a[3], a[4]),
        ["get_flight_cost(travel_from, travel_to, travel_date, travel_class)"] = (travel, a) => travel.FlightCost(a[0], a[1], a[2], a[3]),
        ["get_credit_card_balance(access_token, card_id)"] = (travel, a) => travel.CardBalance(a[0], a[1]),
        ["book_flight(access_token, card_id, travel_date, travel_from, travel_to, travel_class)"] =
            (travel, a) => travel.BookFlight(a[0], a[1], a[2], a[3], a[4], a[5]),
        ["retrieve_invoice(access_token, booking_id=None, insurance_id=None)"] = (travel, a) => travel.Invoice(a[0], a[1]),
        ["get_booking_history(access_token)"] = (travel, a) =>
            travel.Refused(a[0]) is { } reason ? Error(reason) : new PyDict(("booking_history", travel._bookings)),
        ["list_all_airports()"] = (_, _) => Airports.All,
        ["cancel_booking(access_token, booking_id)"] = (travel, a) => travel.CancelBooking(a[0], a[1]),
        ["compute_exchange_rate(base_currency, target_currency, value)"] = (_, a) => ExchangeRates.Exchange(a[0], a[1], a[2]),
        ["verify_traveler_information(first_name, last_name, date_of_birth, passport_number)"] =
            (travel, a) => travel.VerifyTraveler(a[0], a[1], a[2], a[3]),
        ["set_budget_limit(access_token, budget_limit)"] = (travel, a) => travel.SetBudget(a[0], a[1]),
        ["get_nearest_airport_by_city(location)"] = (_, a) => new PyDict(("nearest_airport", Airports.Nearest(a[0]))),
        ["purchase_insurance(access_token, insurance_type, booking_id, insurance_cost, card_id)"] =
            (travel, a) => travel.PurchaseInsurance(a[0], a[2], a[3], a[4]),
        ["contact_customer_support(booking_id, message)"] = (travel, a) => travel._bookings.Contains(a[0])
            ? new PyDict(("customer_support_message", "Thank you for contacting customer support. Your message has been received and we will get back to you shortly."))
            : Error("Booking not found"),
        ["get_all_credit_cards()"] = (travel, _) => new PyDict(("credit_card_list", travel._cards)),
    });

    private readonly bool _longContext;
    private readonly PyDict _ownCards;
    private readonly PyDict _addedCards;
    private PyDict _cards;
    private PyDict _bookings;
    private PyValue _accessToken;
    private PyValue _tokenType;
    private PyValue _tokenExpiresIn;
    private PyValue _tokenScope;
    private PyValue _firstName;
    private PyValue _lastName;
    private PyValue _budgetLimit;
    private SeededDraws _draws;

    public TravelApi(Scenario scenario)
    {
        _longContext = scenario.LongContext;
        _ownCards = scenario.Dict("credit_card_list", PyDict.Empty);
        _addedCards = scenario.Extension?.CreditCards ?? PyDict.Empty;
        _cards = Extended(_ownCards, _addedCards);
        _bookings = Extended(scenario.Dict("booking_record", PyDict.Empty), scenario.Extension?.BookingRecords ?? PyDict.Empty);
        _accessToken = scenario.Get("access_token", PyValue.None);
        _tokenType = scenario.Get("token_type", PyValue.None);
        _tokenExpiresIn = scenario.Get("token_expires_in", PyValue.None);
        _tokenScope = scenario.Get("token_scope", PyValue.None);
        _firstName = scenario.Get("user_first_name", PyValue.None);
        _lastName = scenario.Get("user_last_name", PyValue.None);
        _budgetLimit = scenario.Get("budget_limit", PyValue.None);
        _draws = scenario.Draws(141053);
    }

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
    [
        ("credit_card_list", _cards), ("booking_record", _bookings), ("access_token", _accessToken), ("token_type", _tokenType),
        ("token_expires_in", _tokenExpiresIn), ("token_scope", _tokenScope), ("user_first_name", _firstName), ("user_last_name", _lastName),
        ("budget_limit", _budgetLimit), ("long_context", _longContext),
    ];

    /// <summary>
    /// In the official program a card that long_context adds is one and the same object for the agent and for the ground
    /// truth: what either charges to it never makes their states differ.
    /// </summary>
    public override bool HasStateOf(Service other)
    {
        var theirs = ((TravelApi)other)._cards;
        return PublicState.Zip(other.PublicState).Skip(1).All(pair => PyEquality.Equal(pair.First.Value, pair.Second.Value))
            && _cards.Count == theirs.Count
            && _cards.All(card => theirs.Get(card.Key) is { } their && (IsShared(card.Key) || PyEquality.Equal(card.Value, their)));
    }

    private bool IsShared(PyValue card) => _addedCards.Contains(card) && !_ownCards.Contains(card);

    private static PyDict Extended(PyDict own, PyDict more) => new(own.Concat(more.Where(entry => !own.Contains(entry.Key))));

    // Why a token is refused, or null where it is not.
    private string? Refused(PyValue accessToken)
    {
        if (PyEquality.Equal(_tokenExpiresIn, 0)) return "Token expired";
        return PyEquality.Equal(accessToken, _accessToken) ? null : "Invalid access token";
    }

    private PyDict Card(PyValue id) => PyContainer.Dict(_cards[id], "balance");

    private void Charge(PyValue card, PyValue cost) =>
        _cards = _cards.With(card, Card(card).With("balance", PyArithmetic.Subtract(Card(card)["balance"], cost, "-=")));

    private long Draw(long low, long high)
    {
        (var drawn, _draws) = _draws.RandInt(low, high);
        return drawn;
    }
}
