//SOURCES Device.java
//SOURCES DeviceFlow.java
//SOURCES Html.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java

package stand_in;

import static stand_in.Html.escape;

/** Where a person types the code that a device shows, and approves or declines. */
final class DevicePages {
    private final Platform platform;
    private final DeviceFlow flow;

    DevicePages(Platform platform, DeviceFlow flow) {
        this.platform = platform;
        this.flow = flow;
    }

    /** The endpoint {@code deviceauth}, with or without a code. */
    Reply enterCode(Request request) {
        if (!request.method().equals("POST")) {
            return codePage(request.parameter("user_code"), "");
        }
        var device = flow.device(request.parameter("otc")).orElse(null);
        if (device == null) {
            return codePage("", "That code didn’t work. Check the code and try again (70018).");
        }
        if (device.expires.isBefore(platform.clock().now()) || !device.isPending()) {
            return codePage("", "That code has expired or was used. Ask for a new one (70019).");
        }
        return confirmPage(device, "");
    }

    /** The person has said yes or no. */
    Reply confirm(Request request) throws Refusal {
        var device = flow.device(request.parameter("otc"))
            .orElseThrow(() -> Refusal.badDeviceCode("invalid_request"));
        if (!request.parameter("acceptConsent").equals("true")) {
            device.declined = true;
            return Reply.page(200, Html.page("You declined", "<p>You may close this window.</p>"));
        }
        var user = platform.directory().user(request.parameter("login"));
        if (user.isEmpty() || !user.get().password().equals(request.parameter("passwd"))) {
            return confirmPage(device, "Your account or password is incorrect (50126).");
        }
        flow.approve(device, user.get());
        return Reply.page(200, Html.page(device.app.name(), "<p>You have signed in to " + escape(device.app.name())
            + " on your device. You may now close this window.</p>"));
    }

    private static Reply codePage(String code, String complaint) {
        return Reply.page(200, Html.page("Enter code to allow access", Html.alert(complaint)
            + "<p>Once you enter the code displayed on your app or device, it will have access to your account.</p>"
            + "<form method=\"post\" action=\"/common/oauth2/deviceauth\"><label for=\"otc\">Code</label>"
            + "<input type=\"text\" id=\"otc\" name=\"otc\" autocomplete=\"off\" autofocus value=\"" + escape(code)
            + "\">" + Html.button("Next") + "</form>"));
    }

    private static Reply confirmPage(Device device, String complaint) {
        return Reply.page(200, Html.page("Are you trying to sign in to " + device.app.name() + "?",
            "<p>Only continue if you started this on another device.</p>"
            + "<form method=\"post\" action=\"/common/oauth2/deviceauth/confirm\">"
            + Html.hidden("otc", device.userCode) + Html.credentials("", complaint) + Html.agreement("Continue")
            + "</form>"));
    }
}
