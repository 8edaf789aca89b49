using System.Globalization;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;

/// <content>The traveller: login, cards, budget, papers.</content>
internal sealed partial class TravelApi
{
    // The original asks the clock, so its answer about a traveller of eighteen changes from one day to the next. Here
    // it is for ever the day of the version that is followed.
    private static readonly DateTime Today = new(2026, 3, 23, 0, 0, 0, DateTimeKind.Unspecified);

    private PyDict Authenticate(PyValue grantType, PyValue firstName, PyValue lastName)
    {
        _tokenExpiresIn = 2;
        _accessToken = Draw(100000, 999999).ToString(CultureInfo.InvariantCulture);
        _tokenType = "Bearer";
        _tokenScope = grantType;
        _firstName = firstName;
        _lastName = lastName;
        return new PyDict(("expires_in", 2), ("access_token", _accessToken), ("token_type", "Bearer"), ("scope", grantType));
    }

    private PyDict LoginStatus()
    {
        var loggedOut = _tokenExpiresIn is PyNone || PyEquality.Equal(_tokenExpiresIn, 0);
        return new PyDict(("status", !loggedOut));
    }

    private PyDict RegisterCard(PyValue accessToken, PyValue number, PyValue expires, PyValue holder, PyValue verification)
    {
        if (_tokenExpiresIn is PyNone) return Error("Token not initialized");
        if (Refused(accessToken) is { } reason) return Error(reason);
        if (_cards.Contains(number)) return Error("Card already registered");
        var id = Draw(100000000000, 999999999999).ToString(CultureInfo.InvariantCulture);
        var card = new PyDict(
            ("card_number", number),
            ("expiration_date", expires),
            ("cardholder_name", holder),
            ("card_verification_number", verification),
            ("balance", Draw(10000, 99999)));
        _cards = _cards.With(id, card);
        return new PyDict(("card_id", id));
    }

    private PyDict CardBalance(PyValue accessToken, PyValue card)
    {
        if (Refused(accessToken) is { } reason) return Error(reason);
        return _cards.Contains(card)
            ? new PyDict(("card_balance", PyContainer.Subscript(_cards[card], "balance")))
            : Error($"Card not registered. Here are a list of card_id's: {PyRepr.Of(PyList.Of(_cards.Keys))}");
    }

    private PyDict SetBudget(PyValue accessToken, PyValue limit)
    {
        if (Refused(accessToken) is { } reason) return Error(reason);
        _budgetLimit = PyNumberText.ToFloat(limit);
        return new PyDict(("budget_limit", _budgetLimit));
    }

    private PyDict VerifyTraveler(PyValue firstName, PyValue lastName, PyValue birth, PyValue passport)
    {
        if (!PyEquality.Equal(_firstName, firstName) || !PyEquality.Equal(_lastName, lastName))
        {
            return NotVerified($"Cannot book flight information for another user.Expected {_firstName} {_lastName}, got {firstName} {lastName}");
        }

        try
        {
            var born = PyDates.ParseDay(birth);
            var birthdayPassed = (Today.Month, Today.Day).CompareTo((born.Month, born.Day)) >= 0;
            if (Today.Year - born.Year - (birthdayPassed ? 0 : 1) < 18) return NotVerified("Traveler must be at least 18 years old.");
        }
        catch (PyError error) when (error.Type == "ValueError")
        {
            return NotVerified("Invalid date of birth format. Please use YYYY-MM-DD.");
        }

        return PyContainer.Text(passport, "startswith").StartsWith("US", StringComparison.Ordinal)
            ? new PyDict(("verification_status", true))
            : NotVerified("Passport must be issued by the United States.");
    }

    private static PyDict NotVerified(string reason) => new(("verification_status", false), ("verification_failure", reason));
}
