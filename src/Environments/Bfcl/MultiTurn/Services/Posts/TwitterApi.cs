using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Posts;

/// <summary>The service for short public posts.</summary>
internal sealed class TwitterApi(Scenario scenario) : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<TwitterApi>("TwitterAPI", new()
    {
        ["authenticate_twitter(username, password)"] = (posts, a) => posts.Authenticate(a[0], a[1]),
        ["posting_get_login_status()"] = (posts, _) => new PyDict(("login_status", posts._authenticated.Truthy)),
        ["post_tweet(content, tags=[], mentions=...)"] = (posts, a) => posts.Post(a[0], a[1], a[2]),
        ["retweet(tweet_id)"] = (posts, a) => posts.Retweet(a[0]),
        ["comment(tweet_id, comment_content)"] = (posts, a) => posts.Comment(a[0], a[1]),
        ["mention(tweet_id, mentioned_usernames)"] = (posts, a) => posts.Mention(a[0], a[1]),
        ["follow_user(username_to_follow)"] = (posts, a) => posts.Follow(a[0]),
        ["list_all_following()"] = (posts, _) => posts.Authenticated("listing following") ?? new PyDict(("following_list", posts._following)),
        ["unfollow_user(username_to_unfollow)"] = (posts, a) => posts.Unfollow(a[0]),
        ["get_tweet(tweet_id)"] = (posts, a) => posts._tweets.Get(a[0]) ?? NotFound(a[0]),
        ["get_user_tweets(username)"] = (posts, a) => PyList.Of(posts.OfUser(a[0])),
        ["search_tweets(keyword)"] = (posts, a) => posts.Search(a[0]),
        ["get_tweet_comments(tweet_id)"] = (posts, a) => posts._tweets.Contains(a[0]) ? posts._comments.Get(a[0]) ?? PyList.Empty : NotFound(a[0]),
        ["get_user_stats(username)"] = (posts, a) => posts.Statistics(a[0]),
    });

    private readonly PyValue _username = scenario.Get("username", "john");
    private readonly PyValue _password = scenario.Get("password", "john123");
    private PyValue _authenticated = scenario.Get("authenticated", false);
    private PyDict _tweets = new(scenario.Dict("tweets", PyDict.Empty)
        .Select(tweet => KeyValuePair.Create((PyValue)PyNumberText.ToInteger(tweet.Key), tweet.Value)));

    private PyDict _comments = scenario.Dict("comments", PyDict.Empty);
    private PyDict _retweets = scenario.Dict("retweets", PyDict.Empty);
    private PyList _following = scenario.List("following_list", new PyList("alice", "bob"));
    private PyValue _counter = scenario.Get("tweet_counter", 0);

    // Posts without mentions all hold one list, Python's default for that parameter, and so do those that come later.
    private PySet _withoutMentions = PySet.Empty;
    private PyList _mentionsByDefault = PyList.Empty;

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
    [
        ("username", _username), ("password", _password), ("authenticated", _authenticated), ("tweets", _tweets), ("comments", _comments),
        ("retweets", _retweets), ("following_list", _following), ("tweet_counter", _counter),
    ];

    private PyDict Authenticate(PyValue username, PyValue password)
    {
        var known = PyEquality.Equal(username, _username) && PyEquality.Equal(password, _password);
        if (known) _authenticated = true;
        return new PyDict(("authentication_status", known));
    }

    /// <summary>
    /// In the official program the agent and the ground truth share the default list too, so that posts without mentions
    /// never differ in them.
    /// </summary>
    public override bool HasStateOf(Service other)
    {
        var theirs = (TwitterApi)other;
        return PublicState.Zip(other.PublicState).All(pair => pair.First.Name == "tweets" || PyEquality.Equal(pair.First.Value, pair.Second.Value))
            && _tweets.Count == theirs._tweets.Count
            && _tweets.All(tweet => theirs._tweets.Get(tweet.Key) is { } their && SameTweet(tweet.Key, tweet.Value, their, theirs));
    }

    private bool SameTweet(PyValue id, PyValue mine, PyValue their, TwitterApi theirs) =>
        _withoutMentions.Contains(id) && theirs._withoutMentions.Contains(id)
            ? PyEquality.Equal(((PyDict)mine).With("mentions", PyList.Empty), ((PyDict)their).With("mentions", PyList.Empty))
            : PyEquality.Equal(mine, their);

    private PyDict Post(PyValue content, PyValue tags, PyValue mentions)
    {
        if (Authenticated("posting") is { } refused) return refused;
        var byDefault = mentions == PyShown.Ellipsis;
        var tweet = new PyDict(
            ("id", _counter),
            ("username", _username),
            ("content", content),
            ("tags", tags),
            ("mentions", byDefault ? _mentionsByDefault : mentions));
        _tweets = _tweets.With(_counter, tweet);
        if (byDefault) _withoutMentions = _withoutMentions.Add(_counter);
        _counter = PyArithmetic.Add(_counter, 1, "+=");
        return tweet;
    }

    private PyDict Retweet(PyValue id)
    {
        if (Authenticated("retweeting") is { } refused) return refused;
        if (!_tweets.Contains(id)) return NotFound(id);
        var own = PyContainer.List(_retweets.Get(_username) ?? PyList.Empty, "append");
        if (PyContainer.Contains(own, id)) return new PyDict(("retweet_status", "Already retweeted"));
        _retweets = _retweets.With(_username, own.Append(id));
        return new PyDict(("retweet_status", "Successfully retweeted"));
    }

    private PyDict Comment(PyValue id, PyValue content)
    {
        if (Authenticated("commenting") is { } refused) return refused;
        if (!_tweets.Contains(id)) return NotFound(id);
        var comments = PyContainer.List(_comments.Get(id) ?? PyList.Empty, "append");
        _comments = _comments.With(id, comments.Append(new PyDict(("username", _username), ("content", content))));
        return new PyDict(("comment_status", "Comment added successfully"));
    }

    private PyDict Mention(PyValue id, PyValue usernames)
    {
        if (_tweets.Get(id) is not { } mentioning) return NotFound(id);
        var mentions = PyContainer.List(PyContainer.Subscript(mentioning, "mentions"), "extend").Extend(PyContainer.Iterate(usernames));
        if (_withoutMentions.Contains(id))
        {
            _mentionsByDefault = mentions;
            var changed = _withoutMentions.Items.ToHashSet(PyEquality.Comparer);
            _tweets = new PyDict(_tweets.Select(tweet =>
                changed.Contains(tweet.Key) ? KeyValuePair.Create(tweet.Key, (PyValue)((PyDict)tweet.Value).With("mentions", mentions)) : tweet));
        }
        else
        {
            _tweets = _tweets.With(id, ((PyDict)mentioning).With("mentions", mentions));
        }

        return new PyDict(("mention_status", "Users mentioned successfully"));
    }

    private PyDict Follow(PyValue username)
    {
        if (Authenticated("following") is { } refused) return refused;
        if (PyContainer.Contains(_following, username)) return new PyDict(("follow_status", false));
        _following = _following.Append(username);
        return new PyDict(("follow_status", true));
    }

    private PyDict Unfollow(PyValue username)
    {
        if (Authenticated("unfollowing") is { } refused) return refused;
        if (!PyContainer.Contains(_following, username)) return new PyDict(("unfollow_status", false));
        _following = _following.Remove(username);
        return new PyDict(("unfollow_status", true));
    }

    private PyList Search(PyValue keyword) => PyList.Of(_tweets.Values.Where(tweet =>
    {
        // In the original's order, since any of them may have the wrong type.
        var word = Lower(keyword);
        if (Lower(PyContainer.Subscript(tweet, "content")).Contains(word, StringComparison.Ordinal)) return true;
        word = Lower(keyword);
        return PyContainer.Iterate(PyContainer.Subscript(tweet, "tags")).Select(Lower).ToList().Contains(word);
    }));

    private PyDict Statistics(PyValue username) => new(
        ("tweet_count", OfUser(username).Count()),
        ("following_count", PyEquality.Equal(username, _username) ? _following.Items.Count : 0),
        ("retweet_count", PyContainer.Length(_retweets.Get(username) ?? PyList.Empty)));

    private IEnumerable<PyValue> OfUser(PyValue username) =>
        _tweets.Values.Where(tweet => PyEquality.Equal(PyContainer.Subscript(tweet, "username"), username));

    private PyDict? Authenticated(string what) =>
        _authenticated.Truthy ? null : Error($"User not authenticated. Please authenticate before {what}.");

    private static PyDict NotFound(PyValue id) => Error($"Tweet with ID {id} not found.");

    private static string Lower(PyValue value) => PyText.Lower(PyContainer.Text(value, "lower"));
}
