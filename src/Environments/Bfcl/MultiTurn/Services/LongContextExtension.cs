using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>
/// The bulk that long_context tasks add to some services' answers and states. It is data of the official program
/// (<c>long_context.py</c>), read from the user's folder; this repository has no copy.
/// </summary>
internal sealed class LongContextExtension
{
    private LongContextExtension(IReadOnlyDictionary<string, PyValue> constants)
    {
        WatchList = List("WATCH_LIST_EXTENSION");
        TransactionHistory = List("TRANSACTION_HISTORY_EXTENSION");
        MovingAverage5 = List("MA_5_EXTENSION");
        MovingAverage20 = List("MA_20_EXTENSION");
        TechnologyStocks = List("TECHNOLOGY_EXTENSION");
        AutomobileStocks = List("AUTOMOBILE_EXTENSION");
        OrderDetails = Dict("ORDER_DETAIL_EXTENSION");
        FileContent = Text("FILE_CONTENT_EXTENSION");
        FileNames = List("POPULATE_FILE_EXTENSION");
        FilesReadFromTheirEnd = List("FILES_TAIL_USED");
        CarStatus = Text("CAR_STATUS_METADATA_EXTENSION");
        Weather = Dict("LONG_WEATHER_EXTENSION");
        ParkingBrakeInstruction = Text("PARKING_BRAKE_INSTRUCTION");
        IntermediaryCities = List("INTERMEDIARY_CITIES");
        CreditCards = Dict("CREDIT_CARD_EXTENSION");
        BookingRecords = Dict("BOOKING_RECORD_EXTENSION");

        PyList List(string name) => Constant<PyList>(name);
        PyDict Dict(string name) => Constant<PyDict>(name);
        string Text(string name) => Constant<PyStr>(name).Text;
        T Constant<T>(string name) where T : PyValue => constants.GetValueOrDefault(name) as T
            ?? throw PyError.ValueError($"{name} is missing, or not what the services take");
    }

    public PyList WatchList { get; }

    public PyList TransactionHistory { get; }

    public PyList MovingAverage5 { get; }

    public PyList MovingAverage20 { get; }

    public PyList TechnologyStocks { get; }

    public PyList AutomobileStocks { get; }

    /// <summary>Texts by heading; <c>{symbol}</c> in them stands for the stock.</summary>
    public PyDict OrderDetails { get; }

    public string FileContent { get; }

    public PyList FileNames { get; }

    /// <summary>Names of files that stay as they are, since tasks ask for their last lines.</summary>
    public PyList FilesReadFromTheirEnd { get; }

    public string CarStatus { get; }

    public PyDict Weather { get; }

    public string ParkingBrakeInstruction { get; }

    public PyList IntermediaryCities { get; }

    public PyDict CreditCards { get; }

    public PyDict BookingRecords { get; }

    /// <summary>Reads the official file.</summary>
    /// <exception cref="PyError">It is not a list of literal constants, or one is missing; the message says which.</exception>
    public static LongContextExtension Read(string source) => new(PyModule.Read(source));

    /// <summary>Takes constants by their official names.</summary>
    /// <exception cref="PyError">One is missing; the message says which.</exception>
    public static LongContextExtension Of(IReadOnlyDictionary<string, PyValue> constants) => new(constants);
}
