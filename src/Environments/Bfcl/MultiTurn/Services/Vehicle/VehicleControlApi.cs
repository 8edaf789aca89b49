using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Vehicle;

/// <summary>The controls of a car: doors, engine, climate, brakes, cruise control, navigation, tyres.</summary>
internal sealed partial class VehicleControlApi(Scenario scenario) : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<VehicleControlApi>("VehicleControlAPI", new()
    {
        ["startEngine(ignitionMode)"] = (car, a) => car.StartEngine(a[0]),
        ["fillFuelTank(fuelAmount)"] = (car, a) => car.FillFuelTank(a[0]),
        ["lockDoors(unlock, door)"] = (car, a) => car.LockDoors(a[0].Truthy, a[1]),
        ["adjustClimateControl(temperature, unit='celsius', fanSpeed=50, mode='auto')"] = (car, a) => car.AdjustClimate(a[0], a[1], a[2], a[3]),
        ["get_outside_temperature_from_google()"] = (car, _) => car.OutsideTemperature(),
        ["get_outside_temperature_from_weather_com()"] = (_, _) => new PyDict(("error", 404)),
        ["setHeadlights(mode)"] = (car, a) => car.SetHeadlights(a[0]),
        ["displayCarStatus(option)"] = (car, a) => car.DisplayStatus(a[0]),
        ["activateParkingBrake(mode)"] = (car, a) => car.ActivateParkingBrake(a[0]),
        ["pressBrakePedal(pedalPosition)"] = (car, a) => car.PressBrakePedal(a[0]),
        ["releaseBrakePedal()"] = (car, _) => car.ReleaseBrakePedal(),
        ["setCruiseControl(speed, activate, distanceToNextVehicle)"] = (car, a) => car.SetCruiseControl(a[0], a[1].Truthy, a[2]),
        ["get_current_speed()"] = (car, _) => new PyDict(("currentSpeed", car.Draw(0.0, 120.0))),
        ["display_log(messages)"] = (_, a) => new PyDict(("log", a[0])),
        ["estimate_drive_feasibility_by_mileage(distance)"] = (car, a) =>
            new PyDict(("canDrive", !PyOrder.Less(PyArithmetic.Multiply(car._fuelLevel, MilesPerGallon), a[0]))),
        ["liter_to_gallon(liter)"] = (_, a) => new PyDict(("gallon", PyArithmetic.Multiply(a[0], 0.264172))),
        ["gallon_to_liter(gallon)"] = (_, a) => new PyDict(("liter", PyArithmetic.Multiply(a[0], 3.78541))),
        ["estimate_distance(cityA, cityB)"] = (car, a) => RoadMap.Distance(a[0], a[1], car._more?.IntermediaryCities),
        ["get_zipcode_based_on_city(city)"] = (_, a) => new PyDict(("zipcode", RoadMap.ZipCode(a[0]))),
        ["set_navigation(destination)"] = (car, a) => car.SetNavigation(a[0]),
        ["check_tire_pressure()"] = (car, _) => car.CheckTirePressure(),
        ["find_nearest_tire_shop()"] = (_, _) => new PyDict(("shopLocation", "456 Oakwood Avenue, Rivermist, 83214")),
    });

    private const double MilesPerGallon = 20.0;
    private const int TankGallons = 50;

    private readonly bool _longContext = scenario.LongContext;
    private readonly LongContextExtension? _more = scenario.Extension;
    private readonly PyValue _batteryVoltage = scenario.Get("batteryVoltage", 12.6);
    private readonly PyValue _humidityLevel = scenario.Get("humidityLevel", 50.0);
    private readonly PyValue _frontLeftTirePressure = scenario.Get("frontLeftTirePressure", 32.0);
    private readonly PyValue _frontRightTirePressure = scenario.Get("frontRightTirePressure", 32.0);
    private readonly PyValue _rearLeftTirePressure = scenario.Get("rearLeftTirePressure", 30.0);
    private readonly PyValue _rearRightTirePressure = scenario.Get("rearRightTirePressure", 30.0);

    private PyValue _fuelLevel = scenario.Get("fuelLevel", 0.0);
    private PyValue _engineState = scenario.Get("engineState", "stopped");
    private PyDict _doorStatus = Doors(scenario);
    private int _unlockedDoors = 4 - Doors(scenario).Values.Count(status => PyEquality.Equal(status, "locked"));
    private PyValue _acTemperature = scenario.Get("acTemperature", 25.0);
    private PyValue _fanSpeed = scenario.Get("fanSpeed", 50);
    private PyValue _acMode = scenario.Get("acMode", "auto");
    private PyValue _headLightStatus = scenario.Get("headLightStatus", "off");
    private PyValue _parkingBrakeStatus = scenario.Get("parkingBrakeStatus", "released");
    private PyValue _parkingBrakeForce = scenario.Get("parkingBrakeForce", 0.0);
    private PyValue _slopeAngle = scenario.Get("slopeAngle", 0.0);
    private PyValue _brakePedalStatus = scenario.Get("brakePedalStatus", "released");
    private PyValue _brakePedalForce = scenario.Get("brakePedalForce", 0.0);
    private PyValue _distanceToNextVehicle = scenario.Get("distanceToNextVehicle", 50.0);
    private PyValue _cruiseStatus = scenario.Get("cruiseStatus", "inactive");
    private PyValue _destination = scenario.Get("destination", "None");
    private SeededDraws _draws = scenario.Draws(141053);

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState =>
    [
        ("fuelLevel", _fuelLevel), ("batteryVoltage", _batteryVoltage), ("engine_state", _engineState),
        ("remainingUnlockedDoors", _unlockedDoors), ("doorStatus", _doorStatus), ("acTemperature", _acTemperature),
        ("fanSpeed", _fanSpeed), ("acMode", _acMode), ("humidityLevel", _humidityLevel), ("headLightStatus", _headLightStatus),
        ("parkingBrakeStatus", _parkingBrakeStatus), ("brakePedalStatus", _brakePedalStatus),
        ("distanceToNextVehicle", _distanceToNextVehicle), ("cruiseStatus", _cruiseStatus), ("destination", _destination),
        ("frontLeftTirePressure", _frontLeftTirePressure), ("frontRightTirePressure", _frontRightTirePressure),
        ("rearLeftTirePressure", _rearLeftTirePressure), ("rearRightTirePressure", _rearRightTirePressure),
        ("long_context", _longContext),
    ];

    private static PyDict Doors(Scenario scenario) => scenario.Dict(
        "doorStatus",
        new PyDict(("driver", "unlocked"), ("passenger", "unlocked"), ("rear_left", "unlocked"), ("rear_right", "unlocked")));

    private PyDict SetNavigation(PyValue destination)
    {
        _destination = destination;
        return new PyDict(("status", PyArithmetic.Add("Navigating to ", destination)));
    }

    private double Draw(double low, double high)
    {
        (var drawn, _draws) = _draws.Uniform(low, high);
        return drawn;
    }
}
