using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Vehicle;

/// <content>Climate, lights, and what the car shows of itself.</content>
internal sealed partial class VehicleControlApi
{
    private PyDict AdjustClimate(PyValue temperature, PyValue unit, PyValue fanSpeed, PyValue mode)
    {
        if (!PyOrder.LessOrEqual(0, fanSpeed) || !PyOrder.LessOrEqual(fanSpeed, 100)) return Error("Fan speed must be between 0 and 100.");
        _acTemperature = temperature;
        if (PyEquality.Equal(unit, "fahrenheit"))
        {
            _acTemperature = PyArithmetic.Divide(PyArithmetic.Multiply(PyArithmetic.Subtract(temperature, 32), 5), 9);
        }

        _fanSpeed = fanSpeed;
        _acMode = mode;
        return new PyDict(("currentACTemperature", temperature), ("climateMode", mode), ("humidityLevel", _humidityLevel));
    }

    private PyDict OutsideTemperature()
    {
        var degrees = Draw(-10.0, 40.0);
        return (_more?.Weather ?? PyDict.Empty).With("outsideTemperature", degrees);
    }

    private PyDict SetHeadlights(PyValue mode)
    {
        if (mode is not PyStr { Text: "on" or "off" or "auto" }) return Error("Invalid headlight mode.");
        _headLightStatus = mode is PyStr { Text: "on" } ? "on" : "off";
        return new PyDict(("headlightStatus", _headLightStatus));
    }

    private PyDict DisplayStatus(PyValue option)
    {
        (PyValue Key, PyValue Value)[] shown = (option as PyStr)?.Text switch
        {
            "fuel" => [("fuelLevel", _fuelLevel)],
            "battery" => [("batteryVoltage", _batteryVoltage)],
            "doors" => [("doorStatus", _doorStatus)],
            "climate" =>
            [
                ("currentACTemperature", _acTemperature), ("fanSpeed", _fanSpeed), ("climateMode", _acMode), ("humidityLevel", _humidityLevel),
            ],
            "headlights" => [("headlightStatus", _headLightStatus)],
            "parkingBrake" =>
            [
                ("parkingBrakeStatus", _parkingBrakeStatus), ("parkingBrakeForce", _parkingBrakeForce), ("slopeAngle", _slopeAngle),
            ],
            "brakePedal" => [("brakePedalStatus", _brakePedalStatus), ("brakePedalForce", _brakePedalForce)],
            "engine" => [("engineState", _engineState)],
            _ => [("error", "Invalid option")],
        };
        return new PyDict(_more is null ? shown : [("metadata", _more.CarStatus), .. shown]);
    }

    private PyDict CheckTirePressure()
    {
        var sum = PyArithmetic.Add(
            PyArithmetic.Add(PyArithmetic.Add(_frontLeftTirePressure, _frontRightTirePressure), _rearLeftTirePressure),
            _rearRightTirePressure);
        var average = PyArithmetic.Divide(sum, 4);
        return new PyDict(
            ("frontLeftTirePressure", _frontLeftTirePressure),
            ("frontRightTirePressure", _frontRightTirePressure),
            ("rearLeftTirePressure", _rearLeftTirePressure),
            ("rearRightTirePressure", _rearRightTirePressure),
            ("healthy_tire_pressure", PyOrder.LessOrEqual(30, average) && PyOrder.LessOrEqual(average, 35)),
            ("car_info", _more is null ? PyDict.Empty : _more.CarStatus));
    }
}
