using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>Compares a value with the possible answers, by the rules of its type.</summary>
internal static class ValueChecker
{
    public static Verdict Text(string parameter, PyStr value, PyValue options)
    {
        var wanted = StandardText.Of(value.Text);
        return PyContainer.Iterate(options).OfType<PyStr>().Any(option => StandardText.Of(option.Text) == wanted)
            ? Verdict.Right
            : Verdict.Wrong("value_error:string", $"{Invalid(parameter, value, options)} Case insensitive.");
    }

    public static Verdict List(string parameter, PyList value, PyValue options)
    {
        var wanted = StandardText.OfItems(value.Items);
        // The mark of an optional parameter, "", has no elements: an empty list equals it.
        var allowed = PyList.Of(PyContainer.Iterate(options).Select(option => StandardText.OfItems(Indexed(option))));
        return PyContainer.Contains(allowed, wanted)
            ? Verdict.Right
            : Verdict.Wrong("value_error:list/tuple", Invalid(parameter, value, options));
    }

    public static Verdict Dict(PyValue value, IEnumerable<PyValue> options)
    {
        var verdict = Verdict.Wrong("dict_checker:unclear");
        foreach (var option in options)
        {
            if (option is PyStr { Text: "" }) continue;

            verdict = Entries(PyContainer.Dict(value, "items"), option);
            if (verdict.Valid) return verdict;
        }

        return verdict;
    }

    public static Verdict ListOfDicts(PyList value, PyValue options)
    {
        var verdict = Verdict.Wrong("list_dict_checker:unclear");
        foreach (var option in PyContainer.Iterate(options))
        {
            if (PyContainer.Length(option) != value.Items.Count)
            {
                verdict = Verdict.Wrong("value_error:list_dict_count", "Wrong number of dictionaries in the list.");
                continue;
            }

            var failure = value.Items.Zip(Indexed(option), (item, wanted) => Dict(item, [wanted])).FirstOrDefault(checkedItem => !checkedItem.Valid);
            if (failure is null) return Verdict.Right;
            verdict = failure;
        }

        return verdict;
    }

    public static Verdict Other(string parameter, PyValue value, PyValue options) =>
        PyContainer.Contains(options, value) ? Verdict.Right : Verdict.Wrong("value_error:others", Invalid(parameter, value, options));

    private static Verdict Entries(PyDict entries, PyValue option)
    {
        var errors = new List<string>();
        var errorType = "dict_checker:unclear";
        foreach (var (key, value) in entries)
        {
            if (!PyContainer.Contains(option, key))
            {
                errors.Add($"Unexpected dict key parameter: '{key}'.");
                errorType = "value_error:dict_key";
                break;
            }

            var wanted = StandardText.OfItems(Indexed(PyContainer.Subscript(option, key.ToString())));
            if (!PyContainer.Contains(wanted, StandardText.OfItem(value)))
            {
                errors.Add(Invalid(key.ToString(), value, wanted));
                errorType = "value_error:dict_value";
                break;
            }
        }

        foreach (var (key, wanted) in PyContainer.Dict(option, "items"))
        {
            if (entries.Contains(key) || PyContainer.Contains(wanted, "")) continue;
            errors.Add($"Missing dict key parameter: '{key}'.");
            errorType = "value_error:dict_key";
            break;
        }

        return errors.Count == 0 ? Verdict.Right : Verdict.Wrong(errorType, errors);
    }

    // x[0], x[1], …, which for a dict with keys is a KeyError.
    private static IEnumerable<PyValue> Indexed(PyValue value) =>
        PyContainer.Length(value) > 0 && value is PyDict ? throw new PyError("KeyError", "0") : PyContainer.Iterate(value);

    private static string Invalid(string parameter, PyValue value, PyValue options) =>
        $"Invalid value for parameter {PyRepr.Of(parameter)}: {PyRepr.Of(value)}. Expected one of {options}.";
}
