using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Messages;

/// <summary>The messages of a workspace.</summary>
internal sealed class MessageApi(Scenario scenario) : Service
{
    private const int LowestId = 10000;
    private const int HighestId = 99999;
    private const string NotLoggedIn = "No user is currently logged in.";

    private static readonly ServiceMethods Table = ServiceMethods.Of<MessageApi>("MessageAPI", new()
    {
        ["list_users()"] = (messages, _) => new PyDict(("user_list", PyList.Of(messages._users.Keys))),
        ["get_user_id(user)"] = (messages, a) => messages._users.Get(a[0]) is { } id
            ? new PyDict(("user_id", id))
            : Error($"User '{a[0]}' not found in the workspace."),
        ["message_login(user_id)"] = (messages, a) => messages.LogIn(a[0]),
        ["message_get_login_status()"] = (messages, _) => new PyDict(("login_status", messages._currentUser.Truthy)),
        ["send_message(receiver_id, message)"] = (messages, a) => messages.Send(a[0], a[1]),
        ["delete_message(receiver_id)"] = (messages, a) => messages.Delete(a[0]),
        ["view_messages_sent()"] = (messages, _) => messages.View(),
        ["add_contact(user_name)"] = (messages, a) => messages.AddContact(a[0]),
        ["search_messages(keyword)"] = (messages, a) => messages.Search(a[0]),
        ["get_message_stats()"] = (messages, _) => messages.Statistics(),
    });

    private static readonly PyDict DefaultUsers = new(("Alice", "USR001"), ("Bob", "USR002"), ("Catherine", "USR003"), ("Daniel", "USR004"));

    private static readonly PyList DefaultInbox = new(
        new PyDict(("USR002", "My name is Alice. I want to connect.")),
        new PyDict(("USR003", "Could you upload the file?")),
        new PyDict(("USR004", "Could you upload the file?")));

    private PyValue _generatedIds = scenario.Get("generated_ids", PySet.Empty);
    private PyValue _userCount = scenario.Get("user_count", 4);
    private PyDict _users = scenario.Dict("user_map", DefaultUsers);
    private PyValue _inbox = scenario.Get("inbox", DefaultInbox);
    private PyValue _messageCount = scenario.Get("message_count", 3);
    private PyValue _currentUser = scenario.Get("current_user", PyValue.None);
    private SeededDraws _draws = scenario.Draws(200191);

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
    [
        ("generated_ids", _generatedIds), ("user_count", _userCount), ("user_map", _users), ("inbox", _inbox),
        ("message_count", _messageCount), ("current_user", _currentUser),
    ];

    private PyDict LogIn(PyValue id)
    {
        if (!PyList.Of(_users.Values).Items.Contains(id, PyEquality.Comparer))
        {
            return new PyDict(("login_status", false), ("message", $"User ID '{id}' not found."));
        }

        _currentUser = id;
        return new PyDict(("login_status", true), ("message", $"User '{id}' logged in successfully."));
    }

    private PyDict Send(PyValue receiver, PyValue message)
    {
        if (!_currentUser.Truthy) return Error(NotLoggedIn);
        if (!_users.Values.Contains(receiver, PyEquality.Comparer)) return Error($"Receiver ID '{receiver}' not found.");
        var id = GenerateId();
        _inbox = PyContainer.List(_inbox, "append").Append(new PyDict((receiver, message)));
        _messageCount = PyArithmetic.Add(_messageCount, 1, "+=");
        return new PyDict(
            ("sent_status", true),
            ("message_id", new PyDict(("new_id", id))),
            ("message", $"Message sent to '{receiver}' successfully."));
    }

    private long GenerateId()
    {
        if (_generatedIds is PySet { Items.Count: > HighestId - LowestId }) throw new PyError("MemoryError", "every message id is taken");
        long id;
        do (id, _draws) = _draws.RandInt(LowestId, HighestId);
        while (PyContainer.Contains(_generatedIds, id));
        _generatedIds = _generatedIds is PySet known ? known.Add(id) : throw PyError.NoAttribute(_generatedIds, "add");
        return id;
    }

    private PyDict Delete(PyValue receiver)
    {
        if (!_currentUser.Truthy) return Error(NotLoggedIn);
        var inbox = Inbox();
        for (var at = inbox.Count - 1; at >= 0; at--)
        {
            if (!PyEquality.Equal(First(inbox[at]).Key, receiver)) continue;
            // It removes the first message that is equal, not the one it found.
            _inbox = PyContainer.List(_inbox, "remove").Remove(inbox[at]);
            return new PyDict(
                ("deleted_status", true),
                ("receiver_id", First(inbox[at]).Key),
                ("message", $"Receiver {receiver}'s latest message deleted successfully."));
        }

        return Error($"Receiver ID {receiver} not found.");
    }

    private PyDict View()
    {
        if (!_currentUser.Truthy) return Error(NotLoggedIn);
        var sent = Inbox().Select(First)
            .GroupBy(message => PyEquality.Hashable(message.Key), message => message.Value, PyEquality.Comparer)
            .Select(messages => KeyValuePair.Create(messages.Key, (PyValue)PyList.Of(messages)));
        return new PyDict(("messages", new PyDict(sent)));
    }

    private PyDict AddContact(PyValue name)
    {
        if (_users.Contains(name)) return Error($"User name '{name}' already exists.");
        _userCount = PyArithmetic.Add(_userCount, 1, "+=");
        var id = $"USR{_userCount.ToString().PadLeft(3, '0')}";
        if (_users.Values.Contains(id, PyEquality.Comparer)) return Error($"User ID '{id}' already exists.");
        _users = _users.With(name, id);
        return new PyDict(("added_status", true), ("user_id", id), ("message", $"Contact '{name}' added successfully."));
    }

    private PyDict Search(PyValue keyword)
    {
        if (!_currentUser.Truthy) return Error(NotLoggedIn);
        var word = PyText.Lower(PyContainer.Text(keyword, "lower"));
        var results = Inbox().Select(First)
            .Where(message => PyText.Lower(PyContainer.Text(message.Value, "lower")).Contains(word, StringComparison.Ordinal))
            .Select(message => new PyDict(("receiver_id", message.Key), ("message", message.Value)));
        return new PyDict(("results", PyList.Of(results)));
    }

    private PyDict Statistics()
    {
        if (!_currentUser.Truthy) return Error(NotLoggedIn);
        var receivers = Inbox().Select(message => First(message).Key).ToList();
        return new PyDict(("stats", new PyDict(
            ("received_count", receivers.Count),
            ("total_contacts", receivers.Distinct(PyEquality.Comparer).Count()))));
    }

    private List<PyValue> Inbox() => [.. PyContainer.Iterate(_inbox)];

    private static KeyValuePair<PyValue, PyValue> First(PyValue message) =>
        PyContainer.Dict(message, "items") is { Count: > 0 } entries
            ? entries.First()
            : throw new PyError("IndexError", "list index out of range");
}
