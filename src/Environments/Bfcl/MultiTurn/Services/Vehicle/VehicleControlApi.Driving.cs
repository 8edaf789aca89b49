using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Vehicle;

/// <content>Doors, engine, fuel, brakes and cruise control.</content>
internal sealed partial class VehicleControlApi
{
    private PyDict StartEngine(PyValue ignitionMode)
    {
        // Stopping takes effect even where the rest of the call is refused.
        if (PyEquality.Equal(ignitionMode, "STOP")) _engineState = "stopped";
        if (_unlockedDoors > 0)
        {
            var unlocked = _doorStatus.Where(door => PyEquality.Equal(door.Value, "unlocked")).Select(door => door.Key.ToString());
            return Error($"All doors must be locked before starting the engine. Here are the unlocked doors: {string.Join(", ", unlocked)}");
        }

        if (!PyEquality.Equal(_brakePedalStatus, "pressed")) return Error("Brake pedal needs to be pressed when starting the engine.");
        if (!PyEquality.Equal(_brakePedalForce, 1000.0)) return Error("Must press the brake fully before starting the engine.");
        if (PyOrder.Less(_fuelLevel, 0.0)) return Error("Fuel tank is empty.");
        if (!PyEquality.Equal(ignitionMode, "START")) return Error("Invalid ignition mode.");
        _engineState = "running";
        return new PyDict(("engineState", _engineState), ("fuelLevel", _fuelLevel), ("batteryVoltage", _batteryVoltage));
    }

    private PyDict FillFuelTank(PyValue amount)
    {
        if (PyOrder.Less(amount, 0)) return Error("Fuel amount cannot be negative.");
        var filled = PyArithmetic.Add(_fuelLevel, amount);
        if (PyOrder.Greater(filled, TankGallons)) return Error("Cannot fill gas above the tank capacity.");
        if (PyOrder.Less(filled, 0.0)) return Error("Fuel tank is empty. Min fuel level is 0 gallons.");
        _fuelLevel = filled;
        return new PyDict(("fuelLevel", _fuelLevel));
    }

    private PyDict LockDoors(bool unlock, PyValue doors)
    {
        var (wanted, step) = unlock ? ("unlocked", 1) : ("locked", -1);
        foreach (var door in PyContainer.Iterate(doors))
        {
            if (PyEquality.Equal(_doorStatus[door], wanted)) continue;
            _doorStatus = _doorStatus.With(door, wanted);
            _unlockedDoors += step;
        }

        return new PyDict(("lockStatus", wanted), ("remainingUnlockedDoors", _unlockedDoors));
    }

    private PyDict ActivateParkingBrake(PyValue mode)
    {
        var engage = PyEquality.Equal(mode, "engage");
        if (!engage && !PyEquality.Equal(mode, "release")) return Error("Invalid mode");
        _parkingBrakeStatus = engage ? "engaged" : "released";
        _parkingBrakeForce = engage ? 500.0 : 0.0;
        _slopeAngle = 10.0;
        var answer = new PyDict(
            ("parkingBrakeStatus", _parkingBrakeStatus),
            ("_parkingBrakeForce", _parkingBrakeForce),
            ("_slopeAngle", _slopeAngle));
        return _more is null ? answer : new PyDict(answer.Prepend(KeyValuePair.Create((PyValue)"parkingBrakeInstruction", (PyValue)_more.ParkingBrakeInstruction)));
    }

    private PyDict PressBrakePedal(PyValue position)
    {
        if (!PyOrder.LessOrEqual(0, position) || !PyOrder.LessOrEqual(position, 1)) return Error("Pedal position must be between 0 and 1.");
        if (PyEquality.Equal(position, 0)) return ReleaseBrakePedal();
        _brakePedalStatus = "pressed";
        _brakePedalForce = PyArithmetic.Multiply(position, 1000);
        return new PyDict(("brakePedalStatus", "pressed"), ("brakePedalForce", PyNumberText.ToFloat(_brakePedalForce)));
    }

    private PyDict ReleaseBrakePedal()
    {
        _brakePedalStatus = "released";
        _brakePedalForce = 0.0;
        return new PyDict(("brakePedalStatus", "released"), ("brakePedalForce", 0.0));
    }

    private PyDict SetCruiseControl(PyValue speed, bool activate, PyValue distance)
    {
        var (metres, miles) = (PyNumberText.ToFloat(distance), PyNumberText.ToFloat(speed));
        if (PyEquality.Equal(_engineState, "stopped")) return Error("Start the engine before activating the cruise control.");
        _distanceToNextVehicle = metres;
        if (activate && (miles < 0 || miles > 120 || miles % 5 != 0)) return Error("Invalid speed");
        _cruiseStatus = activate ? "active" : "inactive";
        return new PyDict(("cruiseStatus", _cruiseStatus), ("currentSpeed", miles), ("distanceToNextVehicle", metres));
    }
}
