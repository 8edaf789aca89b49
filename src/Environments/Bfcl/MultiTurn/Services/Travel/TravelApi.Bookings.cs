using System.Globalization;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;

/// <content>Flights, their bookings and insurance.</content>
internal sealed partial class TravelApi
{
    private PyDict FlightCost(PyValue from, PyValue to, PyValue date, PyValue travelClass)
    {
        var (route, all) = FlightPrices.Of(from, to, date, travelClass);
        return new PyDict(("travel_cost_list", PyList.Of((_longContext ? all : [route]).Select(price => (PyValue)price))));
    }

    private PyDict BookFlight(PyValue accessToken, PyValue card, PyValue date, PyValue from, PyValue to, PyValue travelClass)
    {
        if (Refused(accessToken) is { } reason) return NotBooked(reason);
        if (!_cards.Contains(card)) return NotBooked("Card not registered");
        if (!PyContainer.Contains(_cards[card], "balance")) return NotBooked("Balance not found");
        if (!PyContainer.Contains(Airports.All, from)) return NotBooked($"Invalid departure airport code: {from}");
        if (!PyContainer.Contains(Airports.All, to)) return NotBooked($"Invalid destination airport code: {to}");

        double cost;
        try
        {
            PyDates.ParseDay(date);
        }
        catch (PyError error) when (error.Type == "ValueError")
        {
            return NotBooked("Invalid date format. Use YYYY-MM-DD.");
        }

        // The original shows these three as a set, whose order changes from run to run.
        if (PyEquality.Hashable(travelClass) is not PyStr { Text: "economy" or "business" or "first" })
        {
            return NotBooked("Invalid travel class. Must be one of {'economy', 'business', 'first'}");
        }

        try
        {
            cost = FlightPrices.Of(from, to, date, travelClass).Route;
        }
        catch (PyError error) when (error.Type == "ValueError")
        {
            return NotBooked(error.Message);
        }

        var balance = Card(card)["balance"];
        if (PyOrder.Less(balance, cost)) return NotBooked("Insufficient funds");
        if (_budgetLimit is not PyNone && PyOrder.Less(balance, _budgetLimit)) return NotBooked("Balance is less than budget limit");
        Charge(card, cost);
        var booking = Draw(1000000, 9999999).ToString(CultureInfo.InvariantCulture);
        var transaction = Draw(10000000, 99999999).ToString(CultureInfo.InvariantCulture);
        _bookings = _bookings.With(booking, new PyDict(
            ("card_id", card),
            ("travel_date", date),
            ("travel_from", from),
            ("travel_to", to),
            ("travel_class", travelClass),
            ("travel_cost", cost),
            ("transaction_id", transaction)));
        return new PyDict(
            ("booking_id", booking),
            ("transaction_id", transaction),
            ("booking_status", true),
            ("booking_history", _longContext ? _bookings : PyDict.Empty));
    }

    private PyDict Invoice(PyValue accessToken, PyValue id)
    {
        if (Refused(accessToken) is { } reason) return Error(reason);
        if (_bookings.Get(id) is not { } booking) return Error("Booking not found");
        var invoice = new PyDict(("booking_id", id));
        foreach (var field in (ReadOnlySpan<string>)["travel_date", "travel_from", "travel_to", "travel_class", "travel_cost", "transaction_id"])
        {
            invoice = invoice.With(field, PyContainer.Subscript(booking, field));
        }

        return new PyDict(("invoice", invoice));
    }

    private PyDict CancelBooking(PyValue accessToken, PyValue id)
    {
        if (Refused(accessToken) is { } reason) return new PyDict(("cancel_status", false), ("error", reason));
        if (_bookings.Get(id) is not { } booking) return new PyDict(("cancel_status", false), ("error", "Booking not found"));
        var card = PyContainer.Subscript(booking, "card_id");
        var cost = PyContainer.Subscript(booking, "travel_cost");
        _cards = _cards.With(card, Card(card).With("balance", PyArithmetic.Add(Card(card)["balance"], cost, "+=")));
        _bookings = _bookings.Without(id);
        return new PyDict(("cancel_status", true));
    }

    private PyDict PurchaseInsurance(PyValue accessToken, PyValue booking, PyValue cost, PyValue card)
    {
        if (Refused(accessToken) is { } reason) return NotInsured(reason);
        if (_budgetLimit is not PyNone && PyOrder.Less(_budgetLimit, cost)) return NotInsured("Exceeded budget limit");
        if (!_bookings.Contains(booking)) return NotInsured("Booking not found");
        if (!_cards.Contains(card)) return NotInsured("Credit card not registered");
        Charge(card, cost);
        return new PyDict(("insurance_id", Draw(100000000, 999999999).ToString(CultureInfo.InvariantCulture)), ("insurance_status", true));
    }

    private static PyDict NotBooked(string reason) => new(("booking_status", false), ("error", reason));

    private static PyDict NotInsured(string reason) => new(("insurance_status", false), ("error", reason));
}
