using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Tickets;

/// <summary>The ticketing service of a support team.</summary>
internal sealed class TicketApi(Scenario scenario) : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<TicketApi>("TicketAPI", new()
    {
        ["create_ticket(title, description='', priority=1)"] = (tickets, a) => tickets.Create(a[0], a[1], a[2]),
        ["get_ticket(ticket_id)"] = (tickets, a) => tickets.OnTicket(a[0], at => tickets.At(at)),
        ["close_ticket(ticket_id)"] = (tickets, a) => tickets.OnTicket(a[0], at => tickets.Close(at, a[0])),
        ["resolve_ticket(ticket_id, resolution)"] = (tickets, a) => tickets.OnTicket(a[0], at => tickets.Resolve(at, a[0], a[1])),
        ["edit_ticket(ticket_id, updates)"] = (tickets, a) => tickets.OnTicket(a[0], at => tickets.Edit(at, a[0], a[1])),
        ["ticket_login(username, password)"] = (tickets, a) => tickets.LogIn(a[0], a[1]),
        ["ticket_get_login_status()"] = (tickets, _) => new PyDict(("login_status", tickets._currentUser.Truthy)),
        ["logout()"] = (tickets, _) => tickets.LogOut(),
        ["get_user_tickets(status=None)"] = (tickets, a) => tickets.OfUser(a[0]),
    });

    private PyList _queue = scenario.List("ticket_queue", PyList.Empty);
    private PyValue _counter = scenario.Get("ticket_counter", 1);
    private PyValue _currentUser = scenario.Get("current_user", PyValue.None);

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
        [("ticket_queue", _queue), ("ticket_counter", _counter), ("current_user", _currentUser)];

    private PyDict Create(PyValue title, PyValue description, PyValue priority)
    {
        if (!_currentUser.Truthy) return Error("User not authenticated. Please log in to create a ticket.");
        if (PyOrder.Less(priority, 1) || PyOrder.Greater(priority, 5)) return Error("Invalid priority. Priority must be between 1 and 5.");
        var ticket = new PyDict(
            ("id", _counter),
            ("title", title),
            ("description", description),
            ("status", "Open"),
            ("priority", priority),
            ("created_by", _currentUser));
        _queue = _queue.Append(ticket);
        _counter = PyArithmetic.Add(_counter, 1, "+=");
        return ticket;
    }

    private PyDict Close(int at, PyValue id)
    {
        if (PyEquality.Equal(At(at)["status"], "Closed")) return Error($"Ticket with ID {id} is already closed.");
        _queue = _queue.With(at, At(at).With("status", "Closed"));
        return Status($"Ticket {id} has been closed successfully.");
    }

    private PyDict Resolve(int at, PyValue id, PyValue resolution)
    {
        if (PyEquality.Equal(At(at)["status"], "Resolved")) return Error($"Ticket with ID {id} is already resolved.");
        _queue = _queue.With(at, At(at).With("status", "Resolved").With("resolution", resolution));
        return Status($"Ticket {id} has been resolved successfully.");
    }

    private PyDict Edit(int at, PyValue id, PyValue updates)
    {
        var fields = PyContainer.Dict(updates, "keys");
        // The original names them in an order that changes from run to run; here they come as the agent wrote them.
        var invalid = fields.Keys.Where(key => key is not PyStr { Text: "title" or "description" or "status" or "priority" }).ToArray();
        if (invalid.Length > 0)
        {
            if (Array.FindIndex(invalid, key => key is not PyStr) is var place and >= 0)
            {
                throw PyError.TypeError($"sequence item {place}: expected str instance, {invalid[place].TypeName} found");
            }

            return Error($"Invalid fields for update: {string.Join(", ", invalid.Select(key => key.ToString()))}");
        }

        var ticket = At(at);
        foreach (var (field, value) in fields)
        {
            if (value is not PyNone) ticket = ticket.With(field, value);
        }

        _queue = _queue.With(at, ticket);
        return Status($"Ticket {id} has been updated successfully.");
    }

    private PyDict LogIn(PyValue user, PyValue password)
    {
        if (!user.Truthy || !password.Truthy) return new PyDict(("success", false));
        _currentUser = user;
        return new PyDict(("success", true));
    }

    private PyDict LogOut()
    {
        if (!_currentUser.Truthy) return new PyDict(("success", false));
        _currentUser = PyValue.None;
        return new PyDict(("success", true));
    }

    private PyList OfUser(PyValue status)
    {
        if (!_currentUser.Truthy) return new PyList(Error("User not authenticated. Please log in to view tickets."));
        var own = _queue.Items.Where(ticket => PyEquality.Equal(PyContainer.Subscript(ticket, "created_by"), _currentUser)).ToArray();
        if (!status.Truthy) return new PyList(own);
        return PyList.Of(own.Where(ticket => Lower(((PyDict)ticket)["status"]) == Lower(status)));
    }

    private static string Lower(PyValue value) => PyText.Lower(PyContainer.Text(value, "lower"));

    private PyDict OnTicket(PyValue id, Func<int, PyDict> act)
    {
        for (var at = 0; at < _queue.Items.Count; at++)
        {
            if (PyEquality.Equal(PyContainer.Subscript(_queue.Items[at], "id"), id) && _queue.Items[at].Truthy) return act(at);
        }

        return Error($"Ticket with ID {id} not found.");
    }

    private PyDict At(int at) => (PyDict)_queue.Items[at];

    private static PyDict Status(string status) => new(("status", status));
}
